import type { Json, JsonObject } from '#core/json.ts';
import { StepFailure } from '#core/step-failure.ts';

const REFUSED: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** The names of all columns that the rows have, in the order of their first appearance. */
export function columnsOf(rows: readonly JsonObject[]): readonly string[] {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  if (columns.length === 0 || columns.some((name) => name === '' || name.length > 64 || name.includes('\0')))
    throw new StepFailure({
      kind: 'invalid',
      code: 'invalid_rows',
      message: 'Each row needs the names of columns, of up to 64 characters, and their values.',
      pointer: '/config/rows',
    });
  return columns;
}

/** A row as a step gives it on. Throws `StepFailure` for names of columns that no object may have, or two have. */
export function rowOf(names: readonly string[], values: readonly Json[]): JsonObject {
  const row = Object.create(null) as Record<string, Json>;
  for (const [index, name] of names.entries()) {
    if (REFUSED.has(name) || Object.hasOwn(row, name))
      throw new StepFailure({
        kind: 'invalid',
        code: 'ambiguous_columns',
        message: `The answer has the column “${name}” twice, or under a name that cannot be used. Name it with AS.`,
      });
    row[name] = values[index] ?? null;
  }
  return row;
}

export function tooManyRows(limit: number): StepFailure {
  return new StepFailure({
    kind: 'invalid',
    code: 'too_many_rows',
    message: `The answer has more than ${limit} rows. Ask for fewer, with LIMIT, or raise the limit of the step.`,
    pointer: '/config/maxRows',
  });
}

export function tooManyBytes(limit: number): StepFailure {
  return new StepFailure({
    kind: 'invalid',
    code: 'response_too_large',
    message: `The database sent more than ${limit / 1_048_576} MiB. Ask for fewer rows, or columns.`,
  });
}

/** Structures are sent as JSON; lists of plain values as they are, for the driver. */
export function isStructure(value: Json): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return !Array.isArray(value) || value.some((item: Json) => typeof item === 'object' && item !== null);
}
