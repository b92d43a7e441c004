import type { Json } from './json.ts';

/** What a run is about, as its flow says: order 4711. */
export interface BusinessKey {
  /** What it is a number of: `order`. */
  readonly name: string;
  /** Null where the event gave none. */
  readonly value: string | null;
  /** Why there is no value; null where there is one. */
  readonly fault: string | null;
}

/** Longer texts name nothing that a person would search for. */
export const MAX_BUSINESS_KEY_LENGTH = 200;

/** The key that an expression gave for an event: a text, a number or a truth value names something, all else does not. */
export function toBusinessKey(name: string, value: Json | undefined): BusinessKey {
  const text = textOf(value);
  const fault = faultOf(value, text);
  return { name, value: fault === null ? text : null, fault };
}

function textOf(value: Json | undefined): string {
  return typeof value === 'object' || value === undefined ? '' : String(value).trim();
}

function faultOf(value: Json | undefined, text: string): string | null {
  if (typeof value === 'object' && value !== null)
    return 'It gave a list or an object instead of a text or a number.';
  if (text === '') return 'It gave nothing for this event.';
  if (text.length > MAX_BUSINESS_KEY_LENGTH)
    return `It gave a text of more than ${MAX_BUSINESS_KEY_LENGTH} characters.`;

  return /[\u0000-\u001f]/.test(text) || !text.isWellFormed()
    ? 'It gave a text with characters that cannot be read.'
    : null;
}
