import type { z } from 'zod';

import { type Dialect, insertRows } from '#connectors/sql/insert-rows.ts';
import { columnsOf } from '#connectors/sql/rows.ts';
import { type insertInput, MAX_ROWS_WRITTEN } from '#connectors/sql/settings.ts';
import type { Statement } from '#connectors/sql/statement.ts';
import type { upsertInput } from './definition.ts';

const DIALECT: Dialect = { quote, place: (number) => `$${number}` };

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

function statement(input: z.output<typeof insertInput>, onConflict: string): Statement {
  const { text, values } = insertRows(input, DIALECT);
  const { returning = [] } = input;
  const back = returning.length === 0 ? '' : ` RETURNING ${returning.map(quote).join(', ')}`;
  return { text: text + onConflict + back, values, isReadOnly: false, maxRows: MAX_ROWS_WRITTEN };
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
