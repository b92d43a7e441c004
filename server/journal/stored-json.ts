import { isJsonObject, type Json } from '#core/json.ts';

/**
 * jsonb refuses the character NUL and halves of surrogate pairs, which JSON and JavaScript allow. They are kept as an
 * escape: U+FDD0 (a code point that no text uses) and four hex digits; U+FDD0 itself likewise. Nothing is lost.
 */
const ESCAPE = '\uFDD0';
/** Finds in JSON text what jsonb refuses (`JSON.stringify` writes both as `\uXXXX`), or our escape. May find more. */
const SUSPECT = /\\u(?:0000|d[89a-f])|\uFDD0/;
const ESCAPED = /[\0\uFDD0]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;
const UNESCAPED = /\uFDD0([0-9a-f]{4})/g;

/** JSON text that jsonb accepts, whatever strings are in `value`. Throws RangeError when it is nested too deep. */
export function toStoredJson(value: Json): string {
  const text = JSON.stringify(value);
  return SUSPECT.test(text) ? JSON.stringify(mapStrings(value, escapeText)) : text;
}

/** The value that `toStoredJson` was given, from what the driver read. */
export function fromStoredJson(value: Json): Json {
  return hasEscape(value) ? mapStrings(value, unescapeText) : value;
}

function escapeText(text: string): string {
  return text.replace(ESCAPED, (found) => ESCAPE + found.charCodeAt(0).toString(16).padStart(4, '0'));
}

function unescapeText(text: string): string {
  return text.replace(UNESCAPED, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

function hasEscape(value: Json): boolean {
  if (typeof value === 'string') return value.includes(ESCAPE);
  if (Array.isArray(value)) return value.some(hasEscape);
  if (!isJsonObject(value)) return false;
  return Object.entries(value).some(([key, item]) => key.includes(ESCAPE) || hasEscape(item));
}

/** Copies a value with every string and key replaced; a key `__proto__` stays an ordinary key. */
function mapStrings(value: Json, replace: (text: string) => string): Json {
  if (typeof value === 'string') return replace(value);
  if (Array.isArray(value)) return value.map((item: Json) => mapStrings(item, replace));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [replace(key), mapStrings(item, replace)]),
  );
}
