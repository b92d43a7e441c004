import type { HandlerDef } from '#connectors/handle-action.ts';
import { type Encodings, ENCODINGS } from '#connectors/kit/fill-template.ts';
import { type CallMaker, type HandWritten, handWritten } from '#connectors/kit/hand-written.ts';
import { httpHandlers } from '#connectors/kit/http-handlers.ts';
import { textOf } from '#connectors/kit/text-of.ts';
import type { Json, JsonObject } from '#core/json.ts';
import { columnLetters, quoted } from './a1.ts';
import { appendRange, readHeader, readRange, writeRange } from './calls.ts';
import { googleSheets } from './definition.ts';
import { type Cells, tableRows, toCells } from './table.ts';

/** So many rows are looked through for a value. */
const SEARCHED_ROWS = 10_000;

const encodings: Encodings = {
  ...ENCODINGS,
  input_option: (value) => (value === 'raw' ? 'RAW' : 'USER_ENTERED'),
  render_option: (value) => (value === 'raw' ? 'UNFORMATTED_VALUE' : 'FORMATTED_VALUE'),
};

const byHand: Readonly<Record<string, HandWritten>> = {
  append_row: async ({ sheet, values, ...rest }, call) => {
    const cells = toCells(await headerOf(sheet, rest, call), values as JsonObject);
    return call(appendRange, { ...rest, range: quoted(textOf(sheet)), rows: [cells] });
  },
  append_rows: ({ sheet, ...rest }, call) => call(appendRange, { ...rest, range: quoted(textOf(sheet)) }),
  read_rows: async ({ sheet, limit, ...rest }, call) => {
    const range = `${quoted(textOf(sheet))}!1:${Number(limit) + 1}`;
    return tableRows(cellsOf(await call(readRange, { ...rest, range }))) as unknown as Json;
  },
  find_row: async ({ sheet, column, value, ...rest }, call) => {
    const range = `${quoted(textOf(sheet))}!1:${SEARCHED_ROWS + 1}`;
    const cells = cellsOf(await call(readRange, { ...rest, range }));
    // Says so where there is no such column.
    toCells(cells[0] ?? [], { [textOf(column)]: null });
    const found = tableRows(cells).find(({ values }) => textOf(values[textOf(column)]) === textOf(value));
    return { found: found !== undefined, row: found?.row ?? null, values: found?.values ?? null };
  },
  update_row: async ({ sheet, row, values, ...rest }, call) => {
    const cells = toCells(await headerOf(sheet, rest, call), values as JsonObject);
    const last = columnLetters(Math.max(1, cells.length));
    const range = `${quoted(textOf(sheet))}!A${Number(row)}:${last}${Number(row)}`;
    return call(writeRange, { ...rest, range, rows: [cells] });
  },
};

export const googleSheetsHandlers: readonly HandlerDef[] = [
  ...httpHandlers(googleSheets, { encodings }),
  ...handWritten(googleSheets, byHand, encodings),
];

async function headerOf(
  sheet: Json | undefined,
  settings: JsonObject,
  call: CallMaker,
): Promise<readonly Json[]> {
  const header = await call(readHeader, { ...settings, range: `${quoted(textOf(sheet))}!1:1` });
  return Array.isArray(header) ? header : [];
}

function cellsOf(value: Json): Cells {
  return Array.isArray(value) ? value : [];
}
