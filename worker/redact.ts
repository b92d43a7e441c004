import type { OpenConnection } from '#connectors/contract.ts';
import { findConnector } from '#connectors/definitions.ts';
import { fieldMeta } from '#connectors/field-meta.ts';
import { isJsonObject, type Json } from '#core/json.ts';

const HIDDEN = '[secret]';
/** Shorter values occur by chance: hiding them would tear harmless data apart. */
const MIN_LENGTH = 4;

/**
 * A function that replaces a connection's secrets wherever they occur in text, also in the forms in which they travel:
 * base64, URL-encoded, escaped in JSON. Given none, it returns what it gets.
 */
export function redactor(connection: OpenConnection | null | undefined): <T extends Json>(value: T) => T {
  const needles = connection ? formsOf(connection) : [];
  if (needles.length === 0) return (value) => value;
  const hide = (text: string) => needles.reduce((left, needle) => left.replaceAll(needle, HIDDEN), text);
  return <T extends Json>(value: T) => mapStrings(value, hide) as T;
}

/** Longest first, so that a secret that contains another is hidden whole. */
function formsOf(connection: OpenConnection): string[] {
  const { username, password } = connection.fields;
  const secrets = secretsOf(connection);
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

/** All but the fields that their connector shows: addresses and names are no secrets, and stand in many harmless places. */
function secretsOf({ connector, fields }: OpenConnection): string[] {
  const shape = findConnector(connector)?.connection?.shape ?? {};
  const isShown = (name: string) => Object.hasOwn(shape, name) && fieldMeta(shape[name]).secret !== true;
  return Object.entries(fields).flatMap(([name, value]) => (isShown(name) ? [] : [value]));
}

function mapStrings(value: Json, replace: (text: string) => string): Json {
  if (typeof value === 'string') return replace(value);
  if (Array.isArray(value)) return value.map((item: Json) => mapStrings(item, replace));
  if (!isJsonObject(value)) return value;
  const copy = Object.create(null) as Record<string, Json>;
  for (const [key, item] of Object.entries(value)) copy[replace(key)] = mapStrings(item, replace);
  return copy;
}
