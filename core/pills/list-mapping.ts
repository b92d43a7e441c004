import { compileExpression } from '../expression/compile.ts';
import { FORBIDDEN_KEYS, type Json, isJsonObject } from '../json.ts';

import { type PillPath, readPathAt, writeName, writePath } from './pill-path.ts';
import { splitTopLevel } from './split-top-level.ts';

/** A list made of another: for each item an object with these fields, each an expression over the item. */
export interface ListMapping {
  readonly list: PillPath;
  readonly fields: readonly { readonly name: string; readonly source: string }[];
}

const MAX_FIRST_FIELDS = 20;

/** `[trigger.body.lines.{ "sku": sku }]`: in brackets, so that a list of one stays a list. A field without source is null. */
export function writeListMapping({ list, fields }: ListMapping): string {
  const entries = fields.map(({ name, source }) => `${JSON.stringify(name)}: ${source.trim() || 'null'}`);
  return `[${writePath(list)}.{${entries.length === 0 ? '' : ` ${entries.join(', ')} `}}]`;
}

/** Reads an expression of that form, whatever the blanks; null for any other. */
export function readListMapping(source: string): ListMapping | null {
  const text = source.trim();
  const read = text.startsWith('[') ? readPathAt(text, 1) : undefined;
  const body = read && /^\.\s*\{([^]*)\}\s*\]$/.exec(text.slice(read.end));
  if (!read || !body || !compileExpression(text).ok) return null;
  const fields = fieldsIn(body[1] ?? '');
  if (fields === null || new Set(fields.map(({ name }) => name)).size < fields.length) return null;
  return { list: read.path, fields };
}

/** The mapping to begin with: the fields of the list's first item as they are. */
export function startListMapping(list: PillPath, items: Json | undefined): ListMapping {
  const first = Array.isArray(items) ? (items as readonly Json[])[0] : undefined;
  const names = isJsonObject(first) ? Object.keys(first).slice(0, MAX_FIRST_FIELDS) : [];
  const fields = names
    .filter((name) => !FORBIDDEN_KEYS.has(name))
    .map((name) => ({ name, source: writePath({ base: 'item', parts: [name] }) }));
  return { list, fields: fields.length > 0 ? fields : [{ name: 'value', source: '$' }] };
}

/** A path as it is written in a field of a mapping: relative below the list, by a variable elsewhere. */
export function pathInMapping(path: PillPath, list: PillPath): string {
  const below = path.parts.slice(list.parts.length);
  const isBelow = list.parts.every((part, index) => path.parts[index] === part);
  const relative = typeof below[0] === 'number' ? below.slice(1) : below;
  if (!isBelow || path.base === 'item')
    return writePath({ ...path, base: path.base === 'item' ? 'item' : 'variable' });
  return relative.length === 0 ? '$' : writeRelative(relative);
}

function writeRelative(parts: readonly (string | number)[]): string {
  return typeof parts[0] === 'number'
    ? `$${parts.map((part) => (typeof part === 'number' ? `[${part}]` : `.${writeName(part)}`)).join('')}`
    : writePath({ base: 'item', parts });
}

function fieldsIn(body: string): ListMapping['fields'] | null {
  if (body.trim() === '') return [];
  const fields = splitTopLevel(body, ',')?.map(fieldOf) ?? [null];
  return fields.every((field) => field !== null) ? fields : null;
}

function fieldOf(entry: string): ListMapping['fields'][number] | null {
  const match = /^\s*("(?:[^"\\]|\\.)*")\s*:([^]+)$/.exec(entry);
  const source = match?.[2]?.trim() ?? '';
  const name = parseName(match?.[1] ?? '');
  if (name === null || FORBIDDEN_KEYS.has(name) || !compileExpression(source).ok) return null;
  return { name, source };
}

function parseName(text: string): string | null {
  try {
    return JSON.parse(text) as string;
  } catch {
    return null; // no name, or one that only JSONata reads
  }
}
