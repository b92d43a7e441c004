import type { JsonPart, PartEntry } from '../api/run-parts.ts';
import { isJsonObject, type Json } from '../json.ts';

export interface PartRange {
  /** The first entry or character, from 0. */
  readonly from: number;
  /** How many entries; of a text, a hundred times as many characters. */
  readonly limit: number;
}

/** An entry whose JSON text is longer is told by its kind and size, to be asked for by itself. */
const MAX_ENTRY_TEXT = 1_000;
const CHARACTERS_AN_ENTRY = 100;

/** The part of a value at a JSON pointer; undefined where there is none. */
export function valueAt(value: Json, pointer: string): Json | undefined {
  if (pointer === '') return value;
  if (!pointer.startsWith('/')) return undefined;
  let at: Json | undefined = value;
  for (const part of pointer.slice(1).split('/')) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (Array.isArray(at)) at = /^(0|[1-9]\d*)$/.test(key) ? (at as readonly Json[])[Number(key)] : undefined;
    else at = isJsonObject(at) && Object.hasOwn(at, key) ? at[key] : undefined;
    if (at === undefined) return undefined;
  }
  return at;
}

/** A stretch of a value: some entries of a list or an object, some characters of a text, or all of anything else. */
export function jsonPart(value: Json, { from, limit }: PartRange): JsonPart {
  const { kind, size } = describe(value);
  if (typeof value === 'string')
    return { kind, size, from, text: value.slice(from, from + limit * CHARACTERS_AN_ENTRY), entries: [] };
  if (Array.isArray(value)) {
    const items = (value as readonly Json[]).slice(from, from + limit);
    return {
      kind,
      size,
      from,
      text: null,
      entries: items.map((item, index) => entryOf(String(from + index), item)),
    };
  }
  if (isJsonObject(value)) {
    const keys = Object.keys(value).slice(from, from + limit);
    return { kind, size, from, text: null, entries: keys.map((key) => entryOf(key, value[key]!)) };
  }
  return { kind, size, from, text: JSON.stringify(value), entries: [] };
}

function entryOf(key: string, value: Json): PartEntry {
  const { kind, size } = describe(value);
  const isSmall =
    kind === 'scalar' || (size <= MAX_ENTRY_TEXT && JSON.stringify(value).length <= MAX_ENTRY_TEXT);
  return { key, kind, size, value: isSmall ? value : null, isWhole: isSmall };
}

function describe(value: Json): Pick<JsonPart, 'kind' | 'size'> {
  if (typeof value === 'string') return { kind: 'text', size: value.length };
  if (Array.isArray(value)) return { kind: 'list', size: value.length };
  if (isJsonObject(value)) return { kind: 'object', size: Object.keys(value).length };
  return { kind: 'scalar', size: 1 };
}
