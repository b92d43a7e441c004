import { z } from 'zod';

import { appTriggers } from '#connectors/kit/app-trigger.ts';
import { literal } from '#connectors/kit/literal.ts';
import { pollEvery } from '#connectors/poll-every.ts';
import { sheet, spreadsheet } from './settings.ts';

const input = z.strictObject({
  spreadsheet: literal(spreadsheet),
  sheet: literal(sheet),
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
