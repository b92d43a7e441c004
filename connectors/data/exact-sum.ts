/**
 * The sum of numbers as people write them: 0.1 + 0.2 is 0.3. Each is taken by its decimal digits, all are added up as
 * whole numbers, and only the result is rounded to what a number can hold.
 */
export function exactSum(values: readonly number[]): number {
  const decimals = values.map(decimalOf);
  const scale = decimals.reduce((least, { exponent }) => Math.min(least, exponent), 0);
  const sum = decimals.reduce(
    (total, { digits, exponent }) => total + digits * 10n ** BigInt(exponent - scale),
    0n,
  );
  return Number(`${sum}e${scale}`);
}

interface Decimal {
  readonly digits: bigint;
  readonly exponent: number;
}

function decimalOf(value: number): Decimal {
  const [mantissa = '0', power = '0'] = String(value).split('e');
  const [whole = '0', fraction = ''] = mantissa.split('.');
  return { digits: BigInt(whole + fraction), exponent: Number(power) - fraction.length };
}
