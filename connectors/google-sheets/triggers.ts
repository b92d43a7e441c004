import { z } from 'zod';

import { appTriggers } from '#connectors/kit/app-trigger.ts';
import { pollEvery } from '#connectors/poll-every.ts';

const input = z.strictObject({
  spreadsheet: z.string().min(1).meta({
    title: 'Spreadsheet',
    help: 'Its id: the long part of its address.',
    placeholder: '1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms',
    expression: false,
  }),
  sheet: z.string().min(1).max(100).meta({
    title: 'Sheet',
    help: 'The name on its tab. Its first row has the names of the columns.',
    placeholder: 'Sheet1',
    expression: false,
  }),
  everySeconds: pollEvery,
});

const output = z.looseObject({ row: z.int(), values: z.looseObject({}) });
const sample = { row: 12, values: { name: 'Ada Lovelace', email: 'ada@example.com', total: '129.50' } };

/** What people write into spreadsheets. */
export const googleSheetsTriggers = appTriggers({ connector: 'google_sheets', delivery: 'polling' }, [
  {
    id: 'row_added',
    label: 'Row added',
    summary: 'Starts a run for each row that is added below the last one of a sheet.',
    input,
    output,
    sample,
    note: 'Rows that are put in between are not seen; choose “Row added or changed” for those.',
  },
  {
    id: 'row_changed',
    label: 'Row added or changed',
    summary: 'Starts a run for each row of a sheet that is new or has other values than before.',
    input,
    output,
    sample,
    note: 'Up to 10,000 rows. A row that moves counts as changed.',
  },
]);
