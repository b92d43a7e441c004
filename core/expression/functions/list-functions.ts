import { canonicalText } from '../../canonical-text.ts';
import { type Json, emptyObject, isJsonObject } from '../../json.ts';
import { parsePlainPath, readPlainPath } from '../plain-path.ts';
import { type Helper, listArgument, quoted } from './helper.ts';

/** A function of JSONata as it reaches ours. It takes no more arguments than `arity`. */
interface KeyFunction {
  (...args: readonly unknown[]): Promise<unknown>;
  readonly arity?: number;
}

/** Functions over lists and objects. A key is a field's path (`"customer.id"`) or a function of an item. */
export const LIST_FUNCTIONS: Readonly<Record<string, Helper>> = {
  unique: async (list, key) => {
    const seen = new Map<string, unknown>();
    for (const [text, item] of await keyed(list, key, '$unique')) if (!seen.has(text)) seen.set(text, item);
    return [...seen.values()];
  },

  groupBy: async (list, key) => {
    const groups = emptyObject() as Record<string, unknown[]>;
    for (const [text, item] of await keyed(list, key, '$groupBy', nameOf)) (groups[text] ??= []).push(item);
    return groups;
  },

  keyBy: async (list, key) => {
    const found = emptyObject() as Record<string, unknown>;
    for (const [text, item] of await keyed(list, key, '$keyBy', nameOf)) found[text] = item;
    return found;
  },

  chunk: (list, size) => {
    if (typeof size !== 'number' || !Number.isInteger(size) || size < 1)
      throw new Error(`The size of $chunk must be a whole number from 1, not ${quoted(size)}`);
    const items = listArgument(list);
    const count = Math.ceil(items.length / size);
    return Array.from({ length: count }, (_, index) => items.slice(index * size, (index + 1) * size));
  },

  difference: (list, other) => {
    const known = new Set(listArgument(other).map(canonicalText));
    return listArgument(list).filter((item) => !known.has(canonicalText(item)));
  },

  intersection: (list, other) => {
    const known = new Set(listArgument(other).map(canonicalText));
    return listArgument(list).filter((item) => known.has(canonicalText(item)));
  },

  pick: (object, names) => {
    if (object === undefined) return undefined;
    const wanted = new Set(listArgument(names));
    return fieldsOf(object, '$pick', (name) => wanted.has(name));
  },

  omit: (object, names) => {
    if (object === undefined) return undefined;
    const unwanted = new Set(listArgument(names));
    return fieldsOf(object, '$omit', (name) => !unwanted.has(name));
  },
};

/** Every item with the text of its key. */
async function keyed(
  list: unknown,
  key: unknown,
  name: string,
  textOf: (key: unknown) => string = canonicalText,
): Promise<readonly (readonly [string, unknown])[]> {
  const items = listArgument(list);
  const read = keyReader(key, name);
  const pairs: (readonly [string, unknown])[] = [];
  for (const [index, item] of items.entries()) pairs.push([textOf(await read(item, index, items)), item]);
  return pairs;
}

function keyReader(key: unknown, name: string): (...args: readonly unknown[]) => unknown {
  if (isKeyFunction(key)) return (...args) => key(...args.slice(0, key.arity ?? 1));
  if (key === undefined) return (item) => item;
  const path = typeof key === 'string' ? parsePlainPath(key) : undefined;
  if (path === undefined)
    throw new Error(`The key of ${name} is the path of a field or a function, not ${quoted(key)}`);
  return (item) => {
    const value = readPlainPath(path, item as Json);
    return typeof value === 'symbol' ? undefined : value;
  };
}

function isKeyFunction(key: unknown): key is KeyFunction {
  return typeof key === 'function';
}

/** As the name of a group: a text stands for itself, a missing value for the empty text. */
function nameOf(key: unknown): string {
  if (key === undefined || key === null) return '';
  return typeof key === 'string' ? key : canonicalText(key);
}

function fieldsOf(object: unknown, name: string, isKept: (name: string) => boolean): unknown {
  if (Array.isArray(object)) return object.map((item: unknown) => fieldsOf(item, name, isKept));
  if (!isJsonObject(object)) throw new Error(`${name} takes an object, not ${quoted(object)}`);
  const kept = emptyObject();
  for (const [field, value] of Object.entries(object)) if (isKept(field)) kept[field] = value;
  return kept;
}
