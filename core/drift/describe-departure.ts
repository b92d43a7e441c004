import type { Departure, DriftPath } from './find-departures.ts';

/** What is other than it was, in a sentence that begins with the field. */
export function describeDeparture({
  kind,
  path,
  expected,
  found,
  renamedTo,
}: Omit<Departure, 'path'> & { readonly path: DriftPath }): string {
  const field = driftPathText(path);
  switch (kind) {
    case 'disappeared':
      return renamedTo === undefined
        ? `${field} is missing`
        : `${field} is missing; ${renamedTo} looks like it`;
    case 'retyped':
      return `${field} is ${typesInWords(found)} instead of ${typesInWords(expected)}`;
    case 'nulled':
      return `${field} is null; it was ${typesInWords(expected)}`;
    case 'added':
      return `${field} is new (${typesInWords(found)})`;
  }
}

/** The path as people read it: `lines[].sku`; `body` for the whole. */
export function driftPathText(path: DriftPath): string {
  const text = path.map((part) => (part === '[]' || part === '{}' ? part : `.${part}`)).join('');
  return text === '' ? 'The whole value' : text.replace(/^\./, '');
}

const NAMES: Readonly<Record<string, string>> = {
  null: 'null',
  boolean: 'yes/no',
  number: 'a number',
  string: 'a text',
  object: 'an object',
  array: 'a list',
};

function typesInWords(types: readonly string[]): string {
  return types.map((type) => NAMES[type] ?? type).join(' or ');
}
