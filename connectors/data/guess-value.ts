import type { Json } from '#core/json.ts';

/**
 * A text as the number, true or false that it plainly is. What would not be written the same way again (007, 1e400,
 * twenty digits) is a name rather than a number and stays a text.
 */
export function guessValue(text: string): Json {
  if (text === 'true' || text === 'false') return text === 'true';
  const isNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(text) && text.replace(/\D/g, '').length <= 15;
  return isNumber ? Number(text) : text;
}
