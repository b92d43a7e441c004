import { isJsonObject, type Json, type JsonObject } from '#core/json.ts';

/** What a JSON pointer (RFC 6901) leads to; undefined for nothing. */
export function readPointer(value: Json, pointer: string): Json | undefined {
  return partsOf(pointer).reduce<Json | undefined>(step, value);
}

/** The same for a pointer in which `*` stands for everything in a list or object: what they lead to, lists of lists made one. */
export function readEach(value: Json, pointer: string): Json | undefined {
  const [before, ...rest] = pointer.split('/*');
  const found = readPointer(value, before ?? '');
  if (rest.length === 0 || typeof found !== 'object' || found === null) return found;
  return Object.values(found as JsonObject).flatMap((item) => readEach(item, rest.join('/*')) ?? []);
}

/** The first of several pointers that leads to a text or a number that is not empty. */
export function readText(value: Json, pointers: readonly string[]): string | undefined {
  return textsAt(value, pointers)[0];
}

/** All texts and numbers that several pointers lead to, each once; `*` as above. */
export function textsAt(value: Json, pointers: readonly string[]): readonly string[] {
  const found = pointers.flatMap((pointer) => readEach(value, pointer) ?? []);
  const texts = found.flatMap((each) =>
    typeof each === 'string' || typeof each === 'number' ? [String(each)] : [],
  );
  return [...new Set(texts.filter((text) => text.trim() !== ''))];
}

function partsOf(pointer: string): readonly string[] {
  const parts = pointer.split('/').slice(1);
  return parts.map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function step(value: Json | undefined, part: string): Json | undefined {
  if (Array.isArray(value)) return (value as readonly Json[])[Number(part)];
  return isJsonObject(value) && Object.hasOwn(value, part) ? value[part] : undefined;
}
