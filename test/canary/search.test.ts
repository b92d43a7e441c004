import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { openStage, type Stage } from '#test/faults/stage.ts';
import { query } from '#test/support/query.ts';
import { Canaries, findHits, formsOf } from './canaries.ts';
import { dumpDatabase } from './dump.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

describe('the search itself', () => {
  const planted = new Canaries();
  planted.makeText('planted');

  test.each(Object.entries(formsOf(planted.all[0]!.value)))(
    'finds a secret that is written %s',
    (_form, text) => {
      const bytes = Buffer.from(`something before ${text} and after`);
      expect(findHits(planted.all, [{ name: 'log', bytes }])).not.toEqual([]);
    },
  );

  test.each(['', 'a', 'ab'])('finds one in the middle of base64, after %j', (before) => {
    const text = Buffer.from(`${before}${planted.all[0]!.value} and more`).toString('base64');
    expect(findHits(planted.all, [{ name: 'log', bytes: Buffer.from(text) }])).not.toEqual([]);
  });

  test('finds a leak in the database, as text and as bytes', async () => {
    const { value } = planted.all[0]!;
    for (const [sql, leaked] of [
      [`UPDATE workspace SET name = $1`, value],
      [`UPDATE workspace SET name = $1`, Buffer.from(`x${value}x`).toString('base64')],
      [`UPDATE api_key SET key_hash = convert_to($1, 'UTF8')`, JSON.stringify({ value })],
    ] as const) {
      await query(stage.databaseUrl, sql, [leaked]);
      expect(findHits(planted.all, await dumpDatabase(stage.databaseUrl)), leaked).not.toEqual([]);
      await query(stage.databaseUrl, sql, ['{}']);
    }
    expect(findHits(planted.all, await dumpDatabase(stage.databaseUrl))).toEqual([]);
  });

  test('finds nothing where nothing is', () => {
    expect(findHits(planted.all, [{ name: 'log', bytes: Buffer.from('nothing to see') }])).toEqual([]);
  });
});
