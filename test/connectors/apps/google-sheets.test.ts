import { describe, expect, it } from 'vitest';

import { columnLetters, quoted } from '#connectors/google-sheets/a1.ts';
import { useApp } from './use-app.ts';

const app = useApp();
const at = { spreadsheet: 's1', sheet: "Ada's" };
const VALUES = '/v4/spreadsheets/s1/values';
const path = (range: string) => `${VALUES}/${encodeURIComponent(range)}`;
const header = (names: readonly unknown[]) =>
  app.sink.reply(path("'Ada''s'!1:1"), { body: { values: [names] } });

describe('rows of a sheet', () => {
  it.each([
    [1, 'A'],
    [26, 'Z'],
    [27, 'AA'],
    [52, 'AZ'],
    [703, 'AAA'],
  ])('column %i is %s', (column, letters) => expect(columnLetters(column)).toBe(letters));

  it('quotes names of sheets', () => expect(quoted("Ada's")).toBe("'Ada''s'"));

  it('puts each value into the column of its name, and leaves the others alone', async () => {
    header(['Name', '', 'Total', 'Note', 'Total']);
    app.sink.reply(path("'Ada''s'") + ':append', {
      body: { updates: { updatedRange: 'x', updatedRows: 1, updatedCells: 2 } },
    });
    const { requests } = await app.run('google_sheets.append_row', {
      ...at,
      values: { Total: 7, Name: 'Ada' },
    });
    expect(requests[1]?.json()).toEqual({ values: [['Ada', null, 7]] });
  });

  it('names a column that is not there, before anything is written', async () => {
    header(['Name', 'Total']);
    const before = app.sink.requests.length;
    const failure = await app.failureOf('google_sheets.append_row', { ...at, values: { total: 7 } });
    expect(failure).toMatchObject({
      kind: 'invalid',
      code: 'unknown_column',
      message: 'The sheet has no column “total” in its first row. There are: Name, Total.',
    });
    expect(app.sink.requests.slice(before).map(({ method }) => method)).toEqual(['GET']);
  });

  it('gives rows by name with their numbers, without empty ones', async () => {
    app.sink.reply(path("'Ada''s'!1:1001"), {
      body: { values: [['Name', '', 'Total', '__proto__'], ['Ada', 'x', 1, 'y'], [], ['', ''], ['Bob']] },
    });
    const { output } = await app.run('google_sheets.read_rows', at);
    expect(output).toEqual([
      { row: 2, values: { Name: 'Ada', Total: 1 } },
      { row: 5, values: { Name: 'Bob', Total: null } },
    ]);
  });

  it('finds a row, says so when there is none, and when there is no such column', async () => {
    app.sink.reply(path("'Ada''s'!1:10001"), {
      body: {
        values: [
          ['Id', 'Name'],
          ['7', 'Ada'],
          ['8', 'Bob'],
        ],
      },
    });
    const find = async (value: unknown) =>
      (await app.run('google_sheets.find_row', { ...at, column: 'Id', value: value as string })).output;
    expect(await find(8)).toEqual({ found: true, row: 3, values: { Id: '8', Name: 'Bob' } });
    expect(await find('9')).toEqual({ found: false, row: null, values: null });
    const failure = await app.failureOf('google_sheets.find_row', { ...at, column: 'Nr', value: '8' });
    expect(failure.code).toBe('unknown_column');
  });

  it('reads quotas as limits, and missing scopes as such', async () => {
    app.sink.reply(path("'Ada''s'!1:1001"), {
      status: 403,
      body: {
        error: {
          code: 403,
          message: 'Quota',
          errors: [{ reason: 'rateLimitExceeded' }],
          status: 'PERMISSION_DENIED',
        },
      },
    });
    expect(await app.failureOf('google_sheets.read_rows', at)).toMatchObject({
      kind: 'throttled',
      retryAfterMs: 30_000,
    });
    app.sink.reply(path("'Ada''s'!1:1001"), {
      status: 403,
      body: {
        error: {
          message: 'No',
          status: 'PERMISSION_DENIED',
          details: [{ reason: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT' }],
        },
      },
    });
    expect(await app.failureOf('google_sheets.read_rows', at)).toMatchObject({
      kind: 'invalid',
      message: expect.stringMatching(/lacks a scope/) as string,
    });
  });
});
