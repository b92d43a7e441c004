import { z } from 'zod';

import type { JsonObject } from '#core/json.ts';
import { jsonSchema } from '#core/flow-document.ts';

/** Rows that one step writes at most. */
export const MAX_ROWS_WRITTEN = 1_000;
/** Rows that one step reads at most. */
export const MAX_ROWS_READ = 10_000;
/** Bytes that a database may send for one step. */
export const MAX_BYTES_READ = 8 * 1_048_576;

/** A name of a table or column as it is; it is quoted, so any characters will do. */
export const identifier = z
  .string()
  .min(1)
  .max(64)

  .regex(/^[^\u0000]+$/, 'cannot hold a NUL character');

/** Settings of a query. */
export const queryInput = z.strictObject({
  sql: z.string().min(1).max(50_000).meta({
    title: 'SQL',
    help: 'One statement. What comes from events goes into the values, never into the text.',
    widget: 'textarea',
    expression: false,
  }),
  values: z.array(jsonSchema).max(1_000).optional().meta({
    title: 'Values',
    help: 'One for each placeholder, in order.',
  }),
  isReadOnly: z.boolean().default(true).meta({
    title: 'Only reads',
    help: 'The database refuses to change anything, so that the step can be tried again freely.',
    expression: false,
  }),
  maxRows: z.int().min(1).max(MAX_ROWS_READ).default(1_000).meta({
    title: 'Rows at most',
    help: 'More are an error, not cut off.',
    advanced: true,
  }),
});

const rows = z
  .array(z.record(z.string(), jsonSchema))
  .min(1)
  .max(MAX_ROWS_WRITTEN)
  .meta({ title: 'Rows', help: 'Objects: values by the names of columns. At most 1,000.', widget: 'value' });

/** Settings of an insert. */
export const insertInput = z.strictObject({
  schema: identifier
    .optional()
    .meta({ title: 'Schema', help: 'Left empty, the one of the connection.', advanced: true }),
  table: identifier.meta({ title: 'Table', placeholder: 'orders' }),
  rows,
  returning: z
    .array(identifier)
    .max(100)
    .optional()
    .meta({ title: 'Columns to return', help: 'Of each row, as it was written.', advanced: true }),
});

export const queryOutput = z.object({
  rows: z.array(z.record(z.string(), jsonSchema)),
  rowCount: z.int(),
});

/** What a query does to the data, as its switch says. */
export function queryEffect(config: JsonObject): 'read' | 'once' {
  return config['isReadOnly'] === false ? 'once' : 'read';
}
