import { isJsonObject } from '#core/json.ts';
import type { Json } from '#core/json.ts';

import { modeOf, toExpression, toLiteral } from './value-mode.ts';

/** How a free value is built. */
export type ValueKind = 'text' | 'expression' | 'number' | 'boolean' | 'object' | 'list' | 'null';

/** What each kind is called and its sign on the button. */
export const VALUE_KINDS: readonly {
  readonly kind: ValueKind;
  readonly label: string;
  readonly sign: string;
}[] = [
  { kind: 'text', label: 'Text', sign: 'T' },
  { kind: 'expression', label: 'Expression', sign: 'fx' },
  { kind: 'number', label: 'Number', sign: '#' },
  { kind: 'boolean', label: 'Yes or no', sign: '✓' },
  { kind: 'object', label: 'Fields', sign: '{ }' },
  { kind: 'list', label: 'List', sign: '[ ]' },
  { kind: 'null', label: 'Null', sign: '∅' },
];

/** The kind of a value. A template is text. */
export function kindOf(value: Json | undefined): ValueKind {
  const mode = modeOf(value);
  if (mode !== 'literal') return mode === 'expression' ? 'expression' : 'text';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'list';
  if (isJsonObject(value)) return 'object';
  if (typeof value === 'number') return 'number';
  return typeof value === 'boolean' ? 'boolean' : 'text';
}

/** The value as another kind, keeping what can be kept. */
export function convertTo(kind: ValueKind, value: Json | undefined): Json {
  if (kindOf(value) === kind && value !== undefined) return value;
  switch (kind) {
    case 'expression':
      return toExpression(value);
    case 'text':
      return textFrom(value);
    case 'number':
      return Number.isFinite(Number(value)) ? Number(value) : 0;
    case 'boolean':
      return value === true || value === 'true';
    case 'object':
      return {};
    case 'list':
      return value === undefined || value === null || value === '' ? [] : [value];
    case 'null':
      return null;
  }
}

function textFrom(value: Json | undefined): Json {
  const literal = toLiteral(value, true);
  if (typeof literal === 'string' || modeOf(literal) === 'template') return literal ?? '';
  return literal === undefined || literal === null || typeof literal === 'object'
    ? ''
    : JSON.stringify(literal);
}
