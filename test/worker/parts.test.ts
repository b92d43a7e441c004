import { describe, expect, test } from 'vitest';

import type { OpenConnection } from '#connectors/contract.ts';
import { briefly } from '#worker/briefly.ts';
import { DatabaseClock } from '#server/db/database-clock.ts';
import { idempotencyKey } from '#worker/idempotency-key.ts';
import { Redaction } from '#worker/redact.ts';
import { MAX_DEPTH, MAX_STORED_BYTES, storable, storableOrNull } from '#worker/storable.ts';
import { WakeSignal } from '#worker/wake-signal.ts';

describe('redaction', () => {
  const secret = 'sk_live/"ünïcode"+';
  const connectionOf = (fields: Record<string, string>, connector = 'nowhere'): OpenConnection => ({
    connector,
    fields,
  });
  const redactor = (connection?: OpenConnection) => {
    const redaction = new Redaction();
    redaction.add(connection);
    return redaction.apply.bind(redaction);
  };
  const redact = redactor(connectionOf({ token: secret, password: 'pa55word', username: 'ada', empty: '' }));

  test.each([
    secret,
    `Bearer ${secret}!`,
    encodeURIComponent(secret),
    JSON.stringify({ echoed: secret }),
    Buffer.from(secret).toString('base64'),
    Buffer.from(secret).toString('base64url'),
    `Basic ${Buffer.from('ada:pa55word').toString('base64')}`,
    'x=pa55word&y=1',
  ])('%j', (text) => {
    const hidden = redact({ at: [text], [text]: 1 });
    const shown = JSON.stringify(hidden);
    expect(shown).toContain('[secret]');
    for (const form of [
      secret,
      encodeURIComponent(secret),
      'pa55word',
      Buffer.from(secret).toString('base64'),
    ])
      expect(shown).not.toContain(form);
  });

  test('what is no secret stays, and so does text that is too short to be one', () => {
    const value = { user: 'ada', list: [1, true, null, 'plain'] };
    expect(redact(value)).toEqual(value);
    expect(redactor()(value)).toBe(value);
  });

  test('what a connection shows to everybody is no secret', () => {
    const fields = { token: secret, baseUrl: 'https://api.example.com' };
    const hide = redactor(connectionOf(fields, 'bearer_token'));
    expect(hide({ url: 'https://api.example.com/x', sent: secret })).toEqual({
      url: 'https://api.example.com/x',
      sent: '[secret]',
    });
  });
});

describe('storable', () => {
  test.each([
    ['at the limit', 'x'.repeat(MAX_STORED_BYTES - 2), true],
    ['beyond it', 'x'.repeat(MAX_STORED_BYTES - 1), false],
    ['beyond it in bytes, not in characters', 'ü'.repeat(MAX_STORED_BYTES / 2), false],
  ])('%s', (_, value, fits) => {
    const stored = storable(value, 'The output');
    expect('text' in stored).toBe(fits);
    if ('error' in stored) expect(stored.error).toMatchObject({ kind: 'invalid', code: 'output_too_large' });
  });

  test('depth', () => {
    const nested = (levels: number) => JSON.parse('['.repeat(levels) + ']'.repeat(levels)) as [];
    expect(storable(nested(MAX_DEPTH), 'It')).toHaveProperty('text');
    expect(storable(nested(MAX_DEPTH + 1), 'It')).toMatchObject({ error: { code: 'output_too_deep' } });
    expect(storableOrNull(nested(MAX_DEPTH + 1))).toBeNull();
  });
});

describe('idempotency key', () => {
  test('is the same for the same step, another for any other', () => {
    const keys = [
      idempotencyKey('run', 'node', ''),
      idempotencyKey('run', 'node', ''),
      idempotencyKey('run', 'node', '0'),
      idempotencyKey('run', 'node2', ''),
      idempotencyKey('run2', 'node', ''),
      idempotencyKey('run', 'nod', 'e'),
    ];
    expect(keys[0]).toBe(keys[1]);
    expect(new Set(keys).size).toBe(5);
    for (const key of keys)
      expect(key).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});

describe('wake signal', () => {
  test('what fired before the wait is not missed, and counts once', async () => {
    const signal = new WakeSignal();
    signal.fire();
    signal.fire();
    const began = performance.now();
    await signal.wait(10_000);
    expect(performance.now() - began).toBeLessThan(5_000);
    await signal.wait(50);
    expect(performance.now() - began).toBeGreaterThanOrEqual(45);
  });

  test('it ends a wait, also one without a time', async () => {
    const signal = new WakeSignal();
    setTimeout(() => signal.fire(), 20);
    await signal.wait(Infinity);
  });
});

test('the clock follows the database, whatever the machine thinks', () => {
  const clock = new DatabaseClock();
  const tomorrow = new Date(Date.now() + 86_400_000);
  clock.observe(tomorrow, performance.now());
  expect(Math.abs(clock.now() - tomorrow.getTime())).toBeLessThan(5_000);
});

test('a slow answer of the database does not turn the clock back', () => {
  const clock = new DatabaseClock();
  const before = clock.now();
  // Asked 300 ms ago, read at once, answered now.
  clock.observe(new Date(Date.now() - 290), performance.now() - 300);
  expect(clock.now()).toBeGreaterThanOrEqual(before);
});

describe('connections opened briefly', () => {
  const connection: OpenConnection = { connector: 'bearer_token', fields: { token: 't' } };

  test('once for many steps at once; what is missing or failed is asked for again', async () => {
    const asked: string[] = [];
    const answers = [
      () => Promise.resolve(connection),
      () => Promise.resolve(null),
      () => Promise.reject(new Error('away')),
      () => Promise.resolve(connection),
    ];
    const open = briefly((workspaceId, slug) => {
      asked.push(`${workspaceId} ${slug}`);
      return answers[asked.length - 1]!();
    });
    expect(await Promise.all([open('w', 'a'), open('w', 'a')])).toEqual([connection, connection]);
    expect(await open('w', 'b')).toBeNull();
    await expect(open('w', 'b')).rejects.toThrow('away');
    expect(await open('w', 'b')).toBe(connection);
    expect(asked).toEqual(['w a', 'w b', 'w b', 'w b']);
  });
});
