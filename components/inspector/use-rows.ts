'use client';

import { useState } from 'react';

import { FORBIDDEN_KEYS } from '#core/json.ts';
import type { Json, JsonObject } from '#core/json.ts';

import { sameJson } from '#core/same-json.ts';

/** One line of an object that is being edited; its key may be empty or a second of the same for a while. */
export interface Row {
  readonly id: number;
  readonly key: string;
  readonly value: Json;
}

/** An object as lines to edit. Lines that cannot stand in the object yet are kept here, not in the document. */
export interface Rows {
  readonly rows: readonly Row[];
  add(value: Json): void;
  setKey(id: number, key: string): void;
  setValue(id: number, value: Json): void;
  remove(id: number): void;
}

/** `onChange` gets the object of all lines that have a key of their own. */
export function useRows(object: JsonObject, onChange: (object: JsonObject) => void): Rows {
  const [rows, setRows] = useState<readonly Row[]>(() => rowsOf(object, 0));
  // An undo or somebody else's edit came in: begin anew from what the document has.
  const current = sameJson(objectOf(rows), object) ? rows : rowsOf(object, nextId(rows));
  const commit = (next: readonly Row[]) => {
    setRows(next);
    const changed = objectOf(next);
    if (!sameJson(changed, object) || Object.keys(changed).join('\n') !== Object.keys(object).join('\n'))
      onChange(changed);
  };
  return {
    rows: current,
    add: (value) => commit([...current, { id: nextId(current), key: '', value }]),
    setKey: (id, key) => commit(current.map((row) => (row.id === id ? { ...row, key } : row))),
    setValue: (id, value) => commit(current.map((row) => (row.id === id ? { ...row, value } : row))),
    remove: (id) => commit(current.filter((row) => row.id !== id)),
  };
}

/** Why a line is not in the object; null when it is. */
export function rowProblem(rows: readonly Row[], row: Row): string | null {
  if (row.key === '') return null;
  if (FORBIDDEN_KEYS.has(row.key)) return `“${row.key}” cannot be a name.`;
  const first = rows.find((other) => other.key === row.key);
  return first && first.id !== row.id ? `“${row.key}” is there already.` : null;
}

export function objectOf(rows: readonly Row[]): JsonObject {
  const stands = rows.filter((row) => row.key !== '' && rowProblem(rows, row) === null);
  return Object.fromEntries(stands.map((row) => [row.key, row.value]));
}

function rowsOf(object: JsonObject, firstId: number): Row[] {
  return Object.entries(object).map(([key, value], index) => ({ id: firstId + index, key, value }));
}

function nextId(rows: readonly Row[]): number {
  return Math.max(-1, ...rows.map((row) => row.id)) + 1;
}
