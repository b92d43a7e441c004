import { z } from 'zod';

export const spreadsheet = z.string().min(1).meta({
  title: 'Spreadsheet',
  help: 'Its id: the long part of its address.',
  placeholder: '1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms',
  choices: 'spreadsheets',
});

export const sheet = z.string().min(1).max(100).meta({
  title: 'Sheet',
  help: 'The name on its tab.',
  placeholder: 'Sheet1',
  choices: 'sheets',
});

const cell = z.union([z.string(), z.number(), z.boolean(), z.null()]);

export const rowValues = z.record(z.string(), cell).meta({
  title: 'Values',
  help: 'By the names in the first row of the sheet.',
  widget: 'key_values',
});

export const rows = z.array(z.array(cell)).min(1).max(10_000).meta({
  title: 'Rows',
  help: 'A list of rows, each a list of cells.',
  placeholder: 'steps.list.[name, total]',
  widget: 'value',
});

export const written = z.enum(['typed', 'raw']).default('typed').meta({
  title: 'Written',
  help: 'Typed: as if somebody typed it, so that dates and formulas are understood. Raw: exactly as it is.',
  advanced: true,
});

export const shown = z.enum(['formatted', 'raw']).default('formatted').meta({
  title: 'Values',
  help: 'Formatted: texts as the sheet shows them. Raw: numbers as numbers.',
  advanced: true,
});

/** A row as steps give it. */
export const foundRow = z.object({ row: z.int(), values: z.record(z.string(), cell) });

export const sampleRow = { row: 2, values: { Name: 'Ada Lovelace', Total: '€18,500.00' } };

export const update = z.looseObject({
  updatedRange: z.string(),
  updatedRows: z.int(),
  updatedCells: z.int(),
});
export const sampleUpdate = { updatedRange: 'Orders!A3:B3', updatedRows: 1, updatedCells: 2 };
