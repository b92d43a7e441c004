import type { OpenConnection } from '#connectors/contract.ts';
import { findConnector } from '#connectors/definitions.ts';
import { fieldMeta } from '#connectors/field-meta.ts';
import { isJsonObject, type Json } from '#core/json.ts';
import { secretForms } from '#worker/secret-forms.ts';

const HIDDEN = '[secret]';
/** Of a secret that a text was cut off in, so much tells something. */
const MIN_PART = 6;

/** Takes the secrets that calls were made with out of text wherever they occur, also in the forms in which they travel. */
export class Redaction {
  readonly #connections: OpenConnection[] = [];
  readonly #shown: string[] = [];
  #needles: readonly string[] = [];

  /** From now on hides this connection's secrets. */
  add(connection: OpenConnection | null | undefined): void {
    if (!connection) return;
    this.#connections.push(connection);
    this.#gather();
  }

  /** From now on hides what was made of secrets for single calls, such as signed tokens. */
  addShown(texts: readonly string[]): void {
    const fresh = texts.filter((text) => !this.#shown.includes(text));
    if (fresh.length === 0) return;
    this.#shown.push(...fresh);
    this.#gather();
  }

  /** The value without them; the same value where nothing is to hide. */
  apply<T extends Json>(value: T): T {
    const needles = this.#needles;
    if (needles.length === 0) return value;
    const hide = (text: string) =>
      hideEnd(
        needles.reduce((left, needle) => left.replaceAll(needle, HIDDEN), text),
        needles,
      );
    return mapStrings(value, hide) as T;
  }

  /** Longest first: a secret may be a part of another. */
  #gather(): void {
    const forms = [...this.#connections.flatMap(formsOf), ...secretForms(this.#shown)];
    this.#needles = [...new Set(forms)].sort((one, other) => other.length - one.length);
  }
}

/** A text that was cut off (`shorten`) may end in the middle of a secret. */
function hideEnd(text: string, needles: readonly string[]): string {
  if (!text.endsWith('…')) return text;
  const kept = text.slice(0, -1);
  for (const needle of needles)
    for (let length = Math.min(needle.length - 1, kept.length); length >= MIN_PART; length--)
      if (kept.endsWith(needle.slice(0, length))) return `${kept.slice(0, -length)}${HIDDEN}…`;
  return text;
}

const kept = new WeakMap<OpenConnection, readonly string[]>();

/** A connection is opened once for many steps. */
function formsOf(connection: OpenConnection): readonly string[] {
  const forms = kept.get(connection) ?? secretForms(secretsOf(connection));
  kept.set(connection, forms);
  return forms;
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
