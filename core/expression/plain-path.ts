import { type Json, isJsonObject } from '../json.ts';

/** A path of names and indexes alone, such as `trigger.body.items[0].sku`. */
export type PlainPath = readonly (string | number)[];

/** The reader met something that JSONata must decide: a list that the path maps over. */
export const NOT_PLAIN = Symbol('not plain');

const PART = /\.?(?:([A-Za-z_][A-Za-z0-9_]*)|`([^`]+)`)|\[(-?\d{1,9})\]/y;
const RESERVED: ReadonlySet<string> = new Set(['and', 'or', 'in', 'true', 'false', 'null', 'function']);

/** Reads a source as a plain path; undefined when it is anything else. */
export function parsePlainPath(source: string): PlainPath | undefined {
  const text = source.trim();
  const path: (string | number)[] = [];
  PART.lastIndex = 0;
  while (PART.lastIndex < text.length) {
    const dotted = text[PART.lastIndex] === '.';
    const match = PART.exec(text);
    if (match === null) return undefined;
    const name = match[1] ?? match[2];
    if (name !== undefined && (dotted !== path.length > 0 || (match[1] !== undefined && RESERVED.has(name))))
      return undefined;
    if (name === undefined && path.length === 0) return undefined;
    path.push(name ?? Number(match[3]));
  }
  return path.length === 0 ? undefined : path;
}

/**
 * Follows a plain path exactly as JSONata would, some hundred times faster; `NOT_PLAIN` where it does not apply.
 * A missing part gives undefined. A list at the end is given as it is; a list on the way is JSONata's to map over.
 */
export function readPlainPath(path: PlainPath, root: Json): Json | undefined | typeof NOT_PLAIN {
  let value: Json | undefined = root;
  for (const part of path) {
    if (value === undefined) return undefined;
    if (typeof part === 'number') value = itemAt(value, part);
    else if (Array.isArray(value)) return NOT_PLAIN;
    else if (!isJsonObject(value)) return undefined;
    else if (Object.hasOwn(value, '_jsonata_function') || Object.hasOwn(value, '_jsonata_lambda'))
      return NOT_PLAIN;
    else value = Object.hasOwn(value, part) ? value[part] : undefined;
  }
  return value;
}

/** In JSONata a single value is a list of one. */
function itemAt(value: Json, index: number): Json | undefined {
  const list: readonly Json[] = Array.isArray(value) ? (value as readonly Json[]) : [value];
  return list.at(index);
}
