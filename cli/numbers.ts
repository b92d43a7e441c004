import { InvalidArgumentError } from 'commander';

/** Reads an option that is a whole number. */
export function wholeNumber(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Give a whole number.');
}

/** Reads an option that is a number greater than `least`. */
export function numberAbove(least: number): (text: string) => number {
  return (text) => {
    if (/^\d{1,9}(\.\d{1,9})?$/.test(text) && Number(text) > least) return Number(text);
    throw new InvalidArgumentError(`Give a number above ${least}.`);
  };
}
