import { createHash } from 'node:crypto';

import { z } from 'zod';

import { checkedReply } from '#connectors/kit/checked-reply.ts';
import { setting } from '#connectors/kit/http-call.ts';
import { triggerCall } from '#connectors/kit/trigger-call.ts';
import type { Polled, PollHandler, TriggerContext, TriggerHandlerDef } from '#connectors/trigger-contract.ts';
import { jsonSchema } from '#core/flow-document.ts';
import type { JsonObject } from '#core/json.ts';
import { googleSheets } from './definition.ts';
import { tableRows, type TableRow } from './table.ts';

const cells = z.array(z.array(jsonSchema)).default([]);
const batch = z.looseObject({ valueRanges: z.array(z.looseObject({ values: cells })).length(2) });
/** The last row that was there, and what it held. */
const cursorSchema = z.strictObject({ row: z.int(), mark: z.string() });

export const googleSheetsTriggerHandlers: readonly TriggerHandlerDef[] = [
  { key: 'google_sheets.row_added@1', poll: rowsAdded() },
  { key: 'google_sheets.row_changed@1', poll: rowsChanged() },
];

/** Those below the row that was the last one. Where that is not what it was, rows were taken out, or put in before it: it is looked for. */
function rowsAdded(): PollHandler {
  return {
    async poll(context, { settings, cursor }) {
      const known = cursorSchema.safeParse(cursor);
      if (!known.success) return { items: [], cursor: lastOf(await readRows(context, settings, 2)) };
      const { row, mark } = known.data;
      const tail = await readRows(context, settings, Math.max(2, row));
      const isThere = row < 2 || tail.some((one) => one.row === row && digest(one) === mark);
      const rows = isThere ? tail : await readRows(context, settings, 2);
      const last = isThere ? row : (rows.findLast((one) => digest(one) === mark)?.row ?? row);
      const added = rows.filter((one) => one.row > last);
      return { items: itemsOf(added), cursor: lastOf(rows) };
    },
  };
}

/** Every row each time: those with other values than before have another key. */
function rowsChanged(): PollHandler {
  return {
    poll: async (context, { settings }) => ({
      items: itemsOf(await readRows(context, settings, 2)),
      cursor: null,
    }),
  };
}

/** The names of the columns, and the rows from one on. */
async function readRows(
  context: TriggerContext,
  settings: JsonObject,
  from: number,
): Promise<readonly TableRow[]> {
  const { spreadsheet = null, sheet } = settings;
  const tab = `'${typeof sheet === 'string' ? sheet.replaceAll("'", "''") : ''}'`;
  const filled = { spreadsheet, ranges: [`${tab}!1:1`, `${tab}!A${from}:ZZZ`] };
  const query = { ranges: setting('ranges'), majorDimension: 'ROWS' };
  const call = { method: 'GET', path: '/v4/spreadsheets/{spreadsheet}/values:batchGet', query } as const;
  const reply = await triggerCall(googleSheets, call, { context, settings: filled });
  const [first, rest] = checkedReply(googleSheets.label, batch, reply).valueRanges;
  const rows = tableRows([first?.values[0] ?? [], ...(rest?.values ?? [])]);
  // The first of them stands for the second row of the sheet.
  return rows.map(({ row, values }) => ({ row: row - 2 + from, values }));
}

function itemsOf(rows: readonly TableRow[]): Polled['items'] {
  return rows.map((one) => ({
    key: `${one.row}:${digest(one)}`,
    body: { row: one.row, values: one.values },
  }));
}

function lastOf(rows: readonly TableRow[]): z.output<typeof cursorSchema> {
  const last = rows.at(-1);
  return last ? { row: last.row, mark: digest(last) } : { row: 1, mark: '' };
}

/** The same for the same cells, whatever their columns are called. */
function digest({ values }: TableRow): string {
  return createHash('sha256')
    .update(JSON.stringify(Object.values(values)))
    .digest('base64url');
}
