import { isJsonObject, type Json } from '#core/json.ts';

const HIDDEN = '[secret]';
/** Shorter values occur by chance: hiding them would tear harmless data apart. */
const MIN_LENGTH = 4;

/**
 * A function that replaces the given secrets wherever they occur in text, also in the forms in which they travel:
 * base64, URL-encoded, escaped in JSON. Given none, it returns what it gets.
 */
export function redactor(fields: Readonly<Record<string, string>>): <T extends Json>(value: T) => T {
  const needles = formsOf(fields);
  if (needles.length === 0) return (value) => value;
  const hide = (text: string) => needles.reduce((left, needle) => left.replaceAll(needle, HIDDEN), text);
  return <T extends Json>(value: T) => mapStrings(value, hide) as T;
}

/** Longest first, so that a secret that contains another is hidden whole. */
function formsOf(fields: Readonly<Record<string, string>>): string[] {
  const { username, password } = fields;
  const secrets = Object.values(fields);
  if (username !== undefined && password !== undefined) secrets.push(`${username}:${password}`);
  const forms = secrets
    .filter((secret) => secret.length >= MIN_LENGTH)
    .flatMap((secret) => [
      secret,
      encodeURIComponent(secret.toWellFormed()),
      JSON.stringify(secret).slice(1, -1),
      Buffer.from(secret).toString('base64'),
      Buffer.from(secret).toString('base64url'),
    ]);
  return [...new Set(forms)].sort((a, b) => b.length - a.length);
}

function mapStrings(value: Json, replace: (text: string) => string): Json {
  if (typeof value === 'string') return replace(value);
  if (Array.isArray(value)) return value.map((item: Json) => mapStrings(item, replace));
  if (!isJsonObject(value)) return value;
  const copy = Object.create(null) as Record<string, Json>;
  for (const [key, item] of Object.entries(value)) copy[replace(key)] = mapStrings(item, replace);
  return copy;
}
