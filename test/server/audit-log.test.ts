import { parse } from 'csv-parse/sync';
import { beforeAll, describe, expect, test } from 'vitest';

import { pool } from '#server/db/pool.ts';
import { callApi } from '#test/support/call-api.ts';
import { useApi } from '#test/support/use-api.ts';

const api = useApi();

/** Entries that a test finds again, oldest first. */
const ENTRIES = [
  ['ada@example.com', 'flow.create', 'flow:orders', '{}', '2026-03-01T10:00:00Z'],
  ['ada@example.com', 'flow.publish', 'flow:orders', '{"version": 1}', '2026-03-02T10:00:00Z'],
  ['=HYPERLINK("x")', 'flowers.pick', 'flow:100%', '{"note": "a, \\"b\\"\\nc"}', '2026-03-03T10:00:00Z'],
  [
    'grace@example.com',
    'connection.create',
    'connection:shop',
    '{"connector": "stripe"}',
    '2026-03-04T10:00:00Z',
  ],
] as const;

const WHEN = 'from=2026-03-01T00:00:00Z&to=2026-03-05T00:00:00Z';

beforeAll(async () => {
  for (const [actor, action, resource, detail, at] of ENTRIES)
    await pool().query(
      `INSERT INTO audit_entry (workspace_id, actor, actor_name, action, resource, detail, at)
       VALUES ($1, 'user:x', $2, $3, $4, $5, $6)`,
      [api.workspaceId, actor, action, resource, detail, at],
    );
});

async function found(query: string): Promise<string[]> {
  const { status, body } = await callApi(`GET /audit?${WHEN}&${query}`, {
    key: api.key,
  });
  expect(status).toBe(200);
  return body.data.map(({ action }: { action: string }) => action);
}

async function exported(query: string): Promise<{ text: string; type: string | null }> {
  const { status, body, headers } = await callApi(`GET /audit/export?${query}`, { key: api.key });
  expect(status).toBe(200);
  return { text: body, type: headers.get('content-type') };
}

describe('the audit log', () => {
  test('is narrowed by who, what, text and time', async () => {
    expect(await found('')).toEqual(['connection.create', 'flowers.pick', 'flow.publish', 'flow.create']);
    expect(await found('actor=ADA')).toEqual(['flow.publish', 'flow.create']);
    expect(await found('action=flow')).toEqual(['flow.publish', 'flow.create']);
    expect(await found('action=flow.publish')).toEqual(['flow.publish']);
    expect(await found('q=stripe')).toEqual(['connection.create']);
    expect(await found('q=100%25')).toEqual(['flowers.pick']);
    expect(await found('q=%25')).toEqual(['flowers.pick']);
    expect(await found('q=orders&action=flow.create')).toEqual(['flow.create']);
    expect(await found('q=%00')).toEqual([]);
    expect(await found('limit=1')).toEqual(['connection.create']);
  });

  test('is exported as a table that starts no formula, and as JSON lines', async () => {
    const csv = await exported(`format=csv&${WHEN}`);
    expect(csv.type).toContain('text/csv');
    const rows: Record<string, string>[] = parse(csv.text, { columns: true });
    expect(rows.map(({ action }) => action)).toEqual(await found(''));
    expect(rows[1]).toMatchObject({ actor: `'=HYPERLINK("x")`, detail: '{"note":"a, \\"b\\"\\nc"}' });

    const lines = (await exported('format=jsonl&actor=grace')).text.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      {
        actor: 'grace@example.com',
        detail: { connector: 'stripe' },
        hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    ]);
    expect((await exported('format=csv&q=nothing-like-it')).text.trimEnd().split('\n')).toHaveLength(1);
  });

  test('of more entries than a page is exported whole', async () => {
    await pool().query(
      `INSERT INTO audit_entry (workspace_id, actor, actor_name, action, resource)
       SELECT $1, 'system', 'many', 'many.' || n, 'x' FROM generate_series(1, 2500) n`,
      [api.workspaceId],
    );
    const { text } = await exported('format=jsonl&actor=many');
    const actions = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).action);
    expect(actions).toEqual(Array.from({ length: 2_500 }, (_, index) => `many.${2_500 - index}`));
  });

  test('is checked entry by entry, and says what an anchor must look like', async () => {
    const { body } = await callApi('GET /audit/verify', { key: api.key });
    expect(body).toMatchObject({ isIntact: true, fault: null });
    const again = await callApi(`GET /audit/verify?anchor=${body.last}:${body.hash}`, { key: api.key });
    expect(again.body.isIntact).toBe(true);
    const other = await callApi(`GET /audit/verify?anchor=${body.last}:${'0'.repeat(64)}`, { key: api.key });
    expect(other.body.fault.position).toBe(body.last);
    expect((await callApi('GET /audit/verify?anchor=1', { key: api.key })).status).toBe(400);
  });
});
