import { describe, expect, test } from 'vitest';

import { bytesInWords, concernsOf } from '#components/settings/system/system-words.ts';
import type { System } from '#core/api/system.ts';

const AT = '2026-07-27T10:00:00.000Z';
const WORKER = {
  id: '0190a6a0-0000-7000-8000-000000000000',
  host: 'box',
  pid: 7,
  startedAt: AT,
  heartbeatAt: AT,
  isSilent: false,
  isWard: false,
  slots: 64,
  leases: 3,
};
const TABLE = { name: 'run', bytes: 1e9, rows: 1e6, deadRows: 10_000, vacuumedAt: AT, analyzedAt: AT };
const WELL: System = {
  at: AT,
  versions: { patchbay: '1', node: '24', postgres: '18' },
  clockSkewSeconds: 0.2,
  queue: { due: 5, oldestSeconds: 1, running: 1, waiting: 2, inDoubt: 0, mails: 0 },
  workers: [WORKER],
  database: {
    isEmbedded: true,
    name: 'patchbay',
    startedAt: AT,
    bytes: 1e9,
    connections: 20,
    maxConnections: 100,
    longestTransactionSeconds: 1,
    isDurable: true,
    migrations: { applied: 9, last: '0009_x', failed: [] },
    tables: [TABLE],
  },
  lastBackup: null,
};

const worse = (database: Partial<System['database']>): System => ({
  ...WELL,
  database: { ...WELL.database, ...database },
});

describe('what an operator should look at', () => {
  test('is nothing while all is well', () => {
    expect(concernsOf(WELL)).toEqual([]);
  });

  test.each<[string, System]>([
    ['fsync or synchronous_commit off', worse({ isDurable: false })],
    ['did not go through: 0010_y', worse({ migrations: { applied: 9, last: '', failed: ['0010_y'] } })],
    ['No worker runs', { ...WELL, workers: [] }],
    ['No worker runs', { ...WELL, workers: [{ ...WORKER, isWard: true }] }],
    ['1 worker is silent', { ...WELL, workers: [WORKER, { ...WORKER, isSilent: true }] }],
    ['due for 2 min', { ...WELL, queue: { ...WELL.queue, oldestSeconds: 120 } }],
    ['4 of 100 connections left', worse({ connections: 96 })],
    ['9 s behind', { ...WELL, clockSkewSeconds: -9 }],
    ['open for 20 min', worse({ longestTransactionSeconds: 1_200 })],
    ['Vacuum is behind on run.', worse({ tables: [{ ...TABLE, deadRows: 300_000 }] })],
  ])('is said: %s', (words, system) => {
    expect(concernsOf(system)).toEqual([expect.stringContaining(words)]);
  });
});

test('sizes are said in the unit that fits', () => {
  expect([0, 812, 1_400, 23_000_000, 999_999_999, 1.26e12].map(bytesInWords)).toEqual([
    '0 bytes',
    '812 bytes',
    '1.4 kB',
    '23 MB',
    '1 GB',
    '1.3 TB',
  ]);
});
