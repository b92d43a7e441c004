import { z } from 'zod';

import { setting } from '#connectors/kit/http-call.ts';
import { type HttpOperation, limitSetting } from '#connectors/kit/http-operations.ts';
import {
  foundRow,
  rows,
  rowValues,
  sampleRow,
  sampleUpdate,
  sheet,
  shown,
  spreadsheet,
  update,
  written,
} from './settings.ts';

/** Those without a call have handlers by hand: the first row of a sheet has to be read before. */
export const rowOperations: readonly HttpOperation[] = [
  {
    id: 'append_row',
    label: 'Append row',
    summary: 'Adds a row to a Google sheet, each value in the column of its name.',
    effect: 'once',
    input: z.strictObject({ spreadsheet, sheet, values: rowValues, written }),
    output: update,
    sample: sampleUpdate,
  },
  {
    id: 'append_rows',
    label: 'Append rows',
    summary: 'Adds several rows to a Google sheet at once, from lists of cells.',
    effect: 'once',
    input: z.strictObject({ spreadsheet, sheet, rows, written }),
    output: update,
    sample: { ...sampleUpdate, updatedRange: 'Orders!A3:B4', updatedRows: 2, updatedCells: 4 },
  },
  {
    id: 'read_rows',
    label: 'Read rows',
    summary: 'Reads the rows of a Google sheet, by the names in its first row.',
    effect: 'read',
    input: z.strictObject({ spreadsheet, sheet, shown, limit: limitSetting(1_000) }),
    output: z.array(foundRow),
    sample: [sampleRow],
  },
  {
    id: 'find_row',
    label: 'Find row',
    summary: 'Finds the first row of a Google sheet that has a value in a column, among 10,000.',
    effect: 'read',
    input: z.strictObject({
      spreadsheet,
      sheet,
      column: z
        .string()
        .min(1)
        .meta({ title: 'Column', help: 'By the name in the first row.', placeholder: 'Email' }),
      value: z.union([z.string(), z.number(), z.boolean()]).meta({
        title: 'Value',
        help: 'Compared as text, exactly.',
        widget: 'text',
      }),
      shown,
    }),
    output: z.object({
      found: z.boolean(),
      row: z.int().nullable(),
      values: foundRow.shape.values.nullable(),
    }),
    sample: { found: true, ...sampleRow },
  },
  {
    id: 'update_row',
    label: 'Update row',
    summary: 'Changes those cells of a row of a Google sheet that are named.',
    effect: 'keyed',
    input: z.strictObject({
      spreadsheet,
      sheet,
      row: z.int().min(2).meta({ title: 'Row', help: 'Its number; the first row holds the names.' }),
      values: rowValues,
      written,
    }),
    output: update,
    sample: sampleUpdate,
  },
  {
    id: 'update_range',
    label: 'Write range',
    summary: 'Writes cells of a Google sheet, wherever they are.',
    effect: 'keyed',
    input: z.strictObject({
      spreadsheet,
      range: z
        .string()
        .min(1)
        .meta({ title: 'Range', help: 'In A1 notation.', placeholder: "'Q1 orders'!B2:C3" }),
      rows,
      written,
    }),
    output: update,
    sample: { ...sampleUpdate, updatedRange: "'Q1 orders'!B2:C3", updatedRows: 2, updatedCells: 4 },
    call: {
      method: 'PUT',
      path: '/v4/spreadsheets/{spreadsheet}/values/{range}',
      query: { valueInputOption: setting('written', 'input_option') },
      body: { values: setting('rows') },
    },
  },
  {
    id: 'create_spreadsheet',
    label: 'Create spreadsheet',
    summary: 'Creates a Google spreadsheet with one sheet.',
    effect: 'once',
    input: z.strictObject({
      title: z.string().min(1).max(400).meta({ title: 'Title', placeholder: 'Orders of January' }),
      sheetTitle: z
        .string()
        .min(1)
        .max(100)
        .default('Sheet1')
        .meta({ title: 'Sheet', help: 'The name on its tab.' }),
    }),
    output: z.looseObject({ spreadsheetId: z.string(), spreadsheetUrl: z.string() }),
    sample: {
      spreadsheetId: '1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms',
      spreadsheetUrl:
        'https://docs.google.com/spreadsheets/d/1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms/edit',
    },
    call: {
      method: 'POST',
      path: '/v4/spreadsheets',
      body: {
        properties: { title: setting('title') },
        sheets: [{ properties: { title: setting('sheetTitle') } }],
      },
    },
  },
];
