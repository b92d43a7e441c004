import type { JudgeCases } from './case.ts';

const spreadsheet = '1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms';
const at = { spreadsheet, sheet: "Ada's orders" };
const rows = [
  ['Ada', 18_500, true, null],
  ['Bob', 1, false, 'x'],
];

export const googleSheetsCases: JudgeCases = {
  operations: {
    append_row: [{ ...at, values: { Name: 'Ada', Total: 18_500 }, written: 'raw' }],
    append_rows: [{ ...at, rows, written: 'typed' }],
    read_rows: [{ ...at, shown: 'raw', limit: 50 }],
    find_row: [{ ...at, column: 'Name', value: 'Ada', shown: 'formatted' }],
    update_row: [{ ...at, row: 7, values: { Total: 18_500 }, written: 'typed' }],
    update_range: [{ spreadsheet, range: "'Q1 orders'!B2:C3", rows, written: 'raw' }],
    create_spreadsheet: [{ title: 'Orders', sheetTitle: 'January' }],
  },
  lists: { spreadsheets: {}, sheets: { spreadsheet } },
  // What the handlers that read a sheet first are to find there.
  reply: {
    values: [
      ['Name', 'Total'],
      ['Ada', '1'],
    ],
  },
};
