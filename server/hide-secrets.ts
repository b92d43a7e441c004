import { isJsonObject, type Json } from '#core/json.ts';
import { secretForms } from '#server/secret-forms.ts';

const HIDDEN = '[secret]';
/** Of a secret that a text was cut off in, so much tells something. */
const MIN_PART = 6;

/** A value without these secrets, in whatever form they stand in its texts and names: far ends repeat what they were sent. */
export function hideSecrets<T extends Json>(value: T, secrets: readonly string[]): T {
  return hideForms(value, secretForms(secrets));
}

/**
 * The same, for forms that were made already.
 *
 * @param forms the longest first: a secret may be a part of another.
 */
export function hideForms<T extends Json>(value: T, forms: readonly string[]): T {
  if (forms.length === 0) return value;
  return mapStrings(value, (text) => hideIn(text, forms)) as T;
}

function hideIn(text: string, forms: readonly string[]): string {
  const left = forms.reduce((rest, form) => rest.replaceAll(form, HIDDEN), text);
  if (!left.includes('…')) return left;
  // Where a text was cut off (`shorten`), it may end in the middle of a secret; and it may stand inside a longer one.
  const parts = left.split('…');
  const last = parts.pop();
  return [...parts.map((part) => hideEnd(part, forms)), last].join('…');
}

function hideEnd(text: string, forms: readonly string[]): string {
  const begins = forms.map((form) => beginOfPart(text, form)).filter((at) => at >= 0);
  return begins.length === 0 ? text : `${text.slice(0, Math.min(...begins))}${HIDDEN}`;
}

/** Where the text begins to end with the first letters of a form; -1 where it does not. */
function beginOfPart(text: string, form: string): number {
  const first = form.slice(0, MIN_PART);
  let at = text.indexOf(first, Math.max(0, text.length - form.length + 1));
  while (at >= 0 && !form.startsWith(text.slice(at))) at = text.indexOf(first, at + 1);
  return at;
}

function mapStrings(value: Json, replace: (text: string) => string): Json {
  if (typeof value === 'string') return replace(value);
  if (Array.isArray(value)) return value.map((item: Json) => mapStrings(item, replace));
  if (!isJsonObject(value)) return value;
  const copy = Object.create(null) as Record<string, Json>;
  for (const [key, item] of Object.entries(value)) copy[replace(key)] = mapStrings(item, replace);
  return copy;
}
