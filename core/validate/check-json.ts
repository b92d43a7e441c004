import { type Fault, jsonPointer } from '../fault.ts';
import { FORBIDDEN_KEYS } from '../json.ts';

/** Levels of objects and lists that a flow document may have. */
export const MAX_DEPTH = 64;

type Path = readonly (string | number)[];

/**
 * What cannot be in any part of a document: keys that reach into prototypes, things that are not JSON, endless nesting.
 * Walks without recursion, since it is the first to see the document. `place` is where a part of a document stands.
 */
export function checkJson(document: unknown, place: Path = []): readonly Fault[] {
  const faults: Fault[] = [];
  const open: { readonly value: unknown; readonly path: Path }[] = [{ value: document, path: place }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, path } = next;
    if (typeof value !== 'object' || value === null) {
      faults.push(...scalarFaults(value, path));
    } else if (path.length >= MAX_DEPTH) {
      faults.push(
        fault('too_deep', path, `Objects and lists may be nested ${MAX_DEPTH} deep. Make this flatter.`),
      );
    } else {
      faults.push(...objectFaults(value, path));
      open.push(...childrenOf(value, path).reverse());
    }
  }
  return faults;
}

function childrenOf(value: object, path: Path): { value: unknown; path: Path }[] {
  if (Array.isArray(value))
    return value.map((item: unknown, index) => ({ value: item, path: [...path, index] }));
  return Object.entries(value).map(([key, item]) => ({ value: item as unknown, path: [...path, key] }));
}

function objectFaults(value: object, path: Path): readonly Fault[] {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (!Array.isArray(value) && prototype !== null && prototype !== Object.prototype) {
    return [fault('not_json', path, 'This is not JSON.')];
  }
  return Object.keys(value)
    .filter((key) => FORBIDDEN_KEYS.has(key))
    .map((key) =>
      fault('forbidden_key', [...path, key], `"${key}" cannot be used as a name. Choose another.`),
    );
}

/** Undefined is let through: in memory it stands for an absent key. */
function scalarFaults(value: unknown, path: Path): readonly Fault[] {
  if (value === null || value === undefined || typeof value === 'string' || typeof value === 'boolean')
    return [];
  if (typeof value === 'number' && Number.isFinite(value)) return [];
  return [fault('not_json', path, 'This is not JSON.')];
}

function fault(code: string, path: Path, message: string): Fault {
  return { level: 'refused', code, pointer: jsonPointer(path), message };
}
