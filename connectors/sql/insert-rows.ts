import type { Json, JsonObject } from '#core/json.ts';
import { StepFailure } from '#core/step-failure.ts';
import { columnsOf } from './rows.ts';

/** How a database writes names and places of values. */
export interface Dialect {
  quote(name: string): string;
  /** @param number from 1. */
  place(number: number): string;
}

export interface RowsToInsert {
  readonly schema?: string | undefined;
  readonly table: string;
  readonly rows: readonly JsonObject[];
}

/** The protocols count them in 16 bits. */
const MAX_VALUES = 65_535;

/** `INSERT INTO … VALUES …` with bound values; columns that a row lacks get their default. Throws `StepFailure` for too many values. */
export function insertRows(
  { schema, table, rows }: RowsToInsert,
  { quote, place }: Dialect,
): { readonly text: string; readonly values: readonly Json[] } {
  const columns = columnsOf(rows);
  const values: Json[] = [];
  const placeOf = (row: JsonObject, name: string): string =>
    Object.hasOwn(row, name) ? place(values.push(row[name] ?? null)) : 'DEFAULT';
  const lists = rows.map((row) => `(${columns.map((name) => placeOf(row, name)).join(', ')})`);
  if (values.length > MAX_VALUES)
    throw new StepFailure({
      kind: 'invalid',
      code: 'too_many_values',
      message: `The rows have ${values.length} values together; ${MAX_VALUES} fit into one statement. Write them in batches.`,
      pointer: '/config/rows',
    });
  const target = [...(schema === undefined ? [] : [schema]), table].map(quote).join('.');
  return {
    text: `INSERT INTO ${target} (${columns.map(quote).join(', ')}) VALUES ${lists.join(', ')}`,
    values,
  };
}
