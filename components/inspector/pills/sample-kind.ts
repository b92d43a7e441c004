import type { Json } from '#core/json.ts';

/** What a value is, in a sign, a word, and a few letters of it. */
export interface SampleKind {
  readonly sign: string;
  readonly label: string;
  readonly short: string;
}

/** The kind of an example. */
export function kindOfSample(value: Json): SampleKind {
  if (typeof value === 'string') return { sign: 'T', label: 'text', short: value };
  if (typeof value === 'number') return { sign: '#', label: 'number', short: String(value) };
  if (typeof value === 'boolean') return { sign: '✓', label: 'yes or no', short: String(value) };
  if (value === null) return { sign: '∅', label: 'null', short: 'null' };
  if (Array.isArray(value)) {
    const label = `list of ${value.length}`;
    return { sign: '[ ]', label, short: label };
  }
  const count = Object.keys(value).length;
  return { sign: '{ }', label: 'object', short: `${count} ${count === 1 ? 'field' : 'fields'}` };
}
