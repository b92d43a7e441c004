import { parsePlainPath, readPlainPath } from '#core/expression/plain-path.ts';
import { isJsonObject, type Json } from '#core/json.ts';

/** Reads one field of an item; null where there is none. */
export type FieldReader = (item: Json) => Json;

/**
 * A reader of a field by its path: `customer.id`, `lines[0].sku`. A field whose very name is the path comes first, so
 * that columns such as `First name` or `a.b` need no quotes. The empty path is the item itself.
 */
export function fieldReader(path: string): FieldReader {
  if (path === '') return (item) => item;
  const plain = parsePlainPath(path);
  return (item) => {
    if (isJsonObject(item) && Object.hasOwn(item, path)) return item[path] ?? null;
    const value = plain === undefined ? undefined : readPlainPath(plain, item);
    // A symbol stands for a list on the way, of which no one field can be meant.
    return value === undefined || typeof value === 'symbol' ? null : value;
  };
}

/** The last name of a path, as the name of a column: `customer.id` gives `id`. */
export function fieldTitle(path: string): string {
  const names = (parsePlainPath(path) ?? [path]).filter((part) => typeof part === 'string');
  return names.at(-1) ?? path;
}
