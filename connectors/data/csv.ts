import { z } from 'zod';

import type { ActionDef } from '#connectors/contract.ts';
import { jsonSchema } from '#core/flow-document.ts';
import { itemsSetting, MAX_ITEMS, MAX_TEXT } from './settings.ts';

const delimiter = z
  .string()
  .regex(/^(?:tab|[^\r\n"]|\t)$/, 'write one character, or the word tab')
  .default(',')
  .meta({ title: 'Delimiter', help: 'What stands between two values: one character, or the word tab.' });

/** Settings of `data.parse_csv`. */
export const parseCsvInput = z.strictObject({
  text: z.string().max(MAX_TEXT).meta({ title: 'Text', placeholder: 'trigger.body', widget: 'expression' }),
  delimiter,
  header: z.enum(['first_row', 'given', 'none']).default('first_row').meta({
    title: 'Names of the columns',
    help: 'From the first row; given below; or none, then each row is a list.',
  }),
  columns: z
    .array(z.string().min(1))
    .max(1_000)
    .optional()
    .meta({ title: 'Columns', help: 'From left to right.', showIf: { field: 'header', in: ['given'] } }),
  quote: z
    .string()
    .regex(/^[^\r\n]?$/, 'write one character, or nothing')
    .default('"')
    .meta({
      title: 'Quote',
      help: 'What values are wrapped in. Empty: quotes mean nothing.',
      advanced: true,
    }),
  trim: z
    .boolean()
    .default(false)
    .meta({ title: 'Trim', help: 'Takes spaces around values away.', advanced: true }),
  uneven: z.enum(['refuse', 'fill']).default('refuse').meta({
    title: 'Rows of another length',
    help: 'Refuse: the step fails and names the line. Fill: missing values are empty, surplus ones are dropped.',
    advanced: true,
  }),
  values: z.enum(['text', 'guess']).default('text').meta({
    title: 'Values',
    help: 'Text: as they stand. Guess: plain numbers, true and false become such, empty ones null; 007 stays a text.',
  }),
  maxRows: z.int().min(1).max(MAX_ITEMS).default(MAX_ITEMS).meta({
    title: 'Most rows',
    help: 'A file with more rows fails the step.',
    advanced: true,
  }),
});

/** Settings of `data.build_csv`. */
export const buildCsvInput = z.strictObject({
  rows: itemsSetting.meta({
    title: 'Rows',
    help: 'A list of objects, or of lists of values.',
    placeholder: 'steps.orders',
    widget: 'expression',
  }),
  columns: z.array(z.string()).max(1_000).optional().meta({
    title: 'Columns',
    help: 'Fields from left to right, such as id or customer.email. Left empty: all fields, as they come up.',
  }),
  header: z.boolean().default(true).meta({ title: 'Header', help: 'Starts with a row of the names.' }),
  delimiter,
  quoteAll: z.boolean().default(false).meta({
    title: 'Quote every value',
    help: 'Otherwise only values that need it.',
    advanced: true,
  }),
  lineEnding: z.enum(['lf', 'crlf']).default('lf').meta({
    title: 'Line ending',
    help: 'crlf is what RFC 4180 says; lf is what most programs write.',
    advanced: true,
  }),
  bom: z.boolean().default(false).meta({
    title: 'Byte order mark',
    help: 'Tells Excel that the text is UTF-8.',
    advanced: true,
  }),
  escapeFormulas: z.boolean().default(false).meta({
    title: 'Escape formulas',
    help: 'Puts an apostrophe before values that a spreadsheet would run as a formula. Use it when people fill in the data.',
    advanced: true,
  }),
});

export const parseCsv: ActionDef = {
  kind: 'action',
  id: 'parse_csv',
  version: 1,
  label: 'Parse CSV',
  summary: 'Reads a CSV text into a list of rows.',
  icon: 'file-spreadsheet',
  effect: 'pure',
  input: parseCsvInput,
  output: z.array(z.union([z.record(z.string(), jsonSchema), z.array(jsonSchema)])),
  sample: [
    { sku: 'A-1', quantity: '2' },
    { sku: 'B-7', quantity: '1' },
  ],
  initialConfig: { text: { $expr: 'trigger.body' }, delimiter: ',', header: 'first_row' },
};

export const buildCsv: ActionDef = {
  kind: 'action',
  id: 'build_csv',
  version: 1,
  label: 'Build CSV',
  summary: 'Writes a list of rows as a CSV text.',
  icon: 'sheet',
  effect: 'pure',
  input: buildCsvInput,
  output: z.string(),
  sample: 'sku,quantity\nA-1,2\nB-7,1\n',
  initialConfig: { rows: { $expr: '' }, header: true, delimiter: ',' },
};
