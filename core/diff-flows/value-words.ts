import { isJsonObject, type Json } from '../json.ts';

const LONGEST = 60;

/** A value as a person reads it within a sentence: an expression by its source, text in quotes, cut when long. */
export function valueWords(value: Json): string {
  const text = sourceOf(value).replace(/\s+/g, ' ').trim();
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}

/** True for text that no sentence can hold, such as code: it is told by its lines. */
export function isLongText(value: Json | undefined): boolean {
  return value !== undefined && /\n/.test(textOf(value) ?? '');
}

/** The text of a literal, an expression or a template; null for every other value. */
export function textOf(value: Json): string | null {
  if (typeof value === 'string') return value;
  if (!isJsonObject(value)) return null;
  const { $expr, $tpl } = value;
  if (typeof $expr === 'string') return $expr;
  return typeof $tpl === 'string' ? $tpl : null;
}

function sourceOf(value: Json): string {
  if (isJsonObject(value) && typeof value.$expr === 'string') return value.$expr;
  const text = textOf(value);
  return text === null ? JSON.stringify(value) : `“${text}”`;
}
