import type { z } from 'zod';

import { columnsOf } from '#connectors/sql/rows.ts';
import { type insertInput, MAX_ROWS_WRITTEN } from '#connectors/sql/settings.ts';
import type { Json, JsonObject } from '#core/json.ts';
import { StepFailure } from '#core/step-failure.ts';
import type { upsertInput } from './definition.ts';
import type { Statement } from './run-statement.ts';

/** The protocol counts them in 16 bits. */
const MAX_VALUES = 65_535;

/** The statement that adds rows; columns that a row lacks get their default. */
export function insertStatement(input: z.output<typeof insertInput>): Statement {
  return statement(input, '');
}

/** The statement that adds rows, or updates those whose `conflict` columns are there already. */
export function upsertStatement(input: z.output<typeof upsertInput>): Statement {
  const { conflict } = input;
  const changed = columnsOf(input.rows).filter((name) => !conflict.includes(name));
  const set = changed.map((name) => `${quote(name)} = EXCLUDED.${quote(name)}`).join(', ');
  const then = set === '' ? 'DO NOTHING' : `DO UPDATE SET ${set}`;
  return statement(input, ` ON CONFLICT (${conflict.map(quote).join(', ')}) ${then}`);
}

function statement(
  { schema, table, rows, returning = [] }: z.output<typeof insertInput>,
  onConflict: string,
): Statement {
  const columns = columnsOf(rows);
  const values: Json[] = [];
  const lists = rows.map((row) => `(${columns.map((name) => place(row, name, values)).join(', ')})`);
  if (values.length > MAX_VALUES)
    throw new StepFailure({
      kind: 'invalid',
      code: 'too_many_values',
      message: `The rows have ${values.length} values together; ${MAX_VALUES} fit into one statement. Write them in batches.`,
      pointer: '/config/rows',
    });
  const target = [...(schema === undefined ? [] : [schema]), table].map(quote).join('.');
  const back = returning.length === 0 ? '' : ` RETURNING ${returning.map(quote).join(', ')}`;
  return {
    text: `INSERT INTO ${target} (${columns.map(quote).join(', ')}) VALUES ${lists.join(', ')}${onConflict}${back}`,
    values,
    isReadOnly: false,
    maxRows: MAX_ROWS_WRITTEN,
  };
}

function place(row: JsonObject, name: string, values: Json[]): string {
  if (!Object.hasOwn(row, name)) return 'DEFAULT';
  values.push(row[name] ?? null);
  return `$${values.length}`;
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
