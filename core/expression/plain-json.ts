import { type Json, emptyObject } from '../json.ts';
import { EXPRESSION_LIMITS } from './limits.ts';

/**
 * A copy of a JSONata result as plain JSON: lists lose the marks that JSONata hangs on them, objects get a null prototype.
 * Undefined stays undefined at the top and is left out of objects. Throws for functions and numbers that JSON cannot hold.
 */
export function toPlainJson(value: unknown): Json | undefined {
  return copy(value, 0, { left: EXPRESSION_LIMITS.resultLength });
}

/** Parts that several places share are copied at each, so a small value can come to a gigantic result. */
interface Room {
  left: number;
}

function copy(value: unknown, depth: number, room: Room): Json | undefined {
  if (depth > EXPRESSION_LIMITS.resultDepth) throw new Error('The result is nested too deeply');
  room.left -= typeof value === 'string' ? value.length + 3 : 2;
  if (room.left < 0) throw new Error('The result is too large. Work on fewer items at a time');
  if (value === null || typeof value === 'string' || typeof value === 'boolean' || value === undefined)
    return value;
  if (typeof value === 'number') return finite(value);
  if (isFunction(value)) throw new Error('The result holds a function. Call it, or leave it out');
  if (Array.isArray(value)) return Array.from(value, (item) => copy(item, depth + 1, room) ?? null);
  return plainObject(value as Readonly<Record<string, unknown>>, depth, room);
}

function plainObject(value: Readonly<Record<string, unknown>>, depth: number, room: Room): Json {
  const plain = emptyObject();
  for (const key of Object.keys(value)) {
    const item = copy(value[key], depth + 1, room);
    room.left -= key.length;
    if (item !== undefined) plain[key] = item;
  }
  return plain;
}

/** JSON knows no minus zero. */
function finite(value: number): number {
  if (Number.isFinite(value)) return value === 0 ? 0 : value;
  throw new Error('The result is not a number that JSON can hold');
}

/** JSONata's own functions are objects; data that merely has such a key is not one. */
function isFunction(value: unknown): boolean {
  if (typeof value === 'function') return true;
  if (typeof value !== 'object' || value === null) return false;
  const { _jsonata_lambda, _jsonata_function, environment, implementation } = value as Record<
    string,
    unknown
  >;
  return (
    (_jsonata_lambda === true && typeof environment === 'object') ||
    (_jsonata_function === true && typeof implementation === 'function')
  );
}
