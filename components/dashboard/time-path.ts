/**
 * The SVG path of a line over parts of equal width, 1 wide and together 1 high; it breaks where there is nothing, and a lone value is a
 * short stroke.
 */
export function pathOf(values: readonly (number | null)[], highest: number): string {
  return values
    .map((value, index) => {
      if (value === null) return '';
      const y = (1 - value / highest).toFixed(4);
      const isLone = isNone(values[index - 1]) && isNone(values[index + 1]);
      if (isLone) return `M${index + 0.25} ${y}H${index + 0.75}`;
      return `${isNone(values[index - 1]) ? 'M' : 'L'}${index + 0.5} ${y}`;
    })
    .join('');
}

function isNone(value: number | null | undefined): boolean {
  return value === null || value === undefined;
}
