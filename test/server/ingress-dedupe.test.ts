import { Agent } from 'node:http';

import { describe, expect, it } from 'vitest';

import type { JsonObject } from '#core/json.ts';
import { pool } from '#server/db/pool.ts';
import {
  deliver,
  eventsOf,
  makeConnection,
  makeHook,
  publishHook,
  type TestHook,
} from '#test/support/hook-fixture.ts';
import { useHooks } from '#test/support/use-hooks.ts';

const hooks = useHooks();
const BY_ID: JsonObject = { dedupe: { $expr: 'trigger.body.id' } };
const json = { 'content-type': 'application/json' };

function post(hook: TestHook, body: unknown, agent?: Agent) {
  return deliver(hooks.server, hook.path, { headers: json, body: JSON.stringify(body), agent });
}

async function keyRow(hook: TestHook, key: string) {
  const { rows } = await pool().query<{ duplicates: number; event_id: string; run_id: string | null }>(
    'SELECT duplicates, event_id, run_id FROM dedupe_key WHERE flow_id = $1 AND key = $2',
    [hook.flowId, key],
  );
  return rows[0];
}

describe('one event, one run', () => {
  it('50 copies over 8 sockets get the same ids, and one run exists', async () => {
    const hook = await makeHook({ workspaceId: hooks.workspaceId, config: BY_ID });
    const agent = new Agent({ keepAlive: true, maxSockets: 8 });
    const replies = await Promise.all(Array.from({ length: 50 }, () => post(hook, { id: 'order-1' }, agent)));
    agent.destroy();
    const stored = await eventsOf(hook);
    expect(stored).toHaveLength(1);
    const ids = { eventId: stored[0]!.id, runId: stored[0]!.run_id };
    for (const reply of replies) expect(reply).toMatchObject({ status: 202, json: ids });
    expect(replies.filter((reply) => reply.json?.['duplicate'] === true)).toHaveLength(49);
    expect(await keyRow(hook, 'order-1')).toEqual({
      duplicates: 49,
      event_id: ids.eventId,
      run_id: ids.runId,
    });
  });

  it('mixed keys at once: each starts one run, also within one batch', async () => {
    const hook = await makeHook({ workspaceId: hooks.workspaceId, config: BY_ID });
    const agent = new Agent({ keepAlive: true, maxSockets: 40 });
    const replies = await Promise.all(
      Array.from({ length: 120 }, (_, index) => post(hook, { id: `k${index % 12}` }, agent)),
    );
    agent.destroy();
    expect(replies.every((reply) => reply.status === 202)).toBe(true);
    expect(new Set(replies.map((reply) => reply.json?.['runId'])).size).toBe(12);
    expect(await eventsOf(hook)).toHaveLength(12);
    expect((await keyRow(hook, 'k0'))?.duplicates).toBe(9);
  });

  it('two flows may see the same key', async () => {
    const one = await makeHook({ workspaceId: hooks.workspaceId, config: BY_ID });
    const other = await makeHook({ workspaceId: hooks.workspaceId, config: BY_ID });
    const replies = await Promise.all([post(one, { id: 'same' }), post(other, { id: 'same' })]);
    expect(replies.map((reply) => reply.json?.['duplicate'])).toEqual([undefined, undefined]);
    expect([await eventsOf(one), await eventsOf(other)].map((events) => events.length)).toEqual([1, 1]);
  });

  it('a later version of the flow still knows the key', async () => {
    const hook = await makeHook({ workspaceId: hooks.workspaceId, config: BY_ID });
    const first = await post(hook, { id: 1 });
    await publishHook(hook, { ...BY_ID, maxBodyBytes: 5_000 });
    expect((await post(hook, { id: 1 })).json).toEqual({ ...first.json, duplicate: true });
  });

  it('a key of 31 days ago is free again; one of 29 days is not', async () => {
    const hook = await makeHook({ workspaceId: hooks.workspaceId, config: BY_ID });
    const first = await post(hook, { id: 'old' });
    const age = (days: number) =>
      pool().query(`UPDATE dedupe_key SET first_seen_at = now() - $2 * interval '1 day' WHERE flow_id = $1`, [
        hook.flowId,
        days,
      ]);
    await age(29);
    expect((await post(hook, { id: 'old' })).json).toEqual({ ...first.json, duplicate: true });
    await age(31);
    const again = await post(hook, { id: 'old' });
    expect(again.json).not.toHaveProperty('duplicate');
    expect(again.json?.['runId']).not.toBe(first.json?.['runId']);
    expect((await post(hook, { id: 'old' })).json).toEqual({ ...again.json, duplicate: true });
    expect(await keyRow(hook, 'old')).toMatchObject({ duplicates: 1, event_id: again.json?.['eventId'] });
    expect(await eventsOf(hook)).toHaveLength(2);
  });
});

describe('which key', () => {
  it('equal bodies without a key are two events', async () => {
    const hook = await makeHook({ workspaceId: hooks.workspaceId });
    await Promise.all([post(hook, {}), post(hook, {})]);
    expect(await eventsOf(hook)).toHaveLength(2);
  });

  it.each<[string, JsonObject, unknown]>([
    ['finds nothing', { $expr: 'trigger.body.missing' }, { id: 1 }],
    ['finds an empty text', { $expr: 'trigger.body.id' }, { id: '' }],
    ['fails', { $expr: 'trigger.body.id + "x"' }, { id: 'a' }],
  ])('an expression that %s: the event is taken, not compared', async (_, dedupe, body) => {
    const hook = await makeHook({ workspaceId: hooks.workspaceId, config: { dedupe } });
    const replies = [await post(hook, body), await post(hook, body)];
    expect(replies.map((reply) => [reply.status, reply.json?.['duplicate']])).toEqual([
      [202, undefined],
      [202, undefined],
    ]);
    expect((await eventsOf(hook)).map((event) => event.dedupe_key)).toEqual([null, null]);
  });

  it.each<[string, JsonObject, unknown, string | RegExp]>([
    ['a number', { $expr: 'trigger.body.id' }, { id: 7 }, '7'],
    [
      'a template over headers',
      { $tpl: '{{ trigger.headers."content-type" }}/{{ trigger.body.id }}' },
      { id: 7 },
      'application/json/7',
    ],
    ['an object', { $expr: '{ "a": trigger.body.id }' }, { id: 7 }, '{"a":7}'],
    ['a long text', { $expr: 'trigger.body.id' }, { id: 'x'.repeat(5_000) }, /^sha256:[0-9a-f]{64}$/],
    ['a text with NUL', { $expr: 'trigger.body.id' }, { id: 'a\0b' }, /^sha256:[0-9a-f]{64}$/],
  ])('an expression may yield %s', async (_, dedupe, body, expected) => {
    const hook = await makeHook({ workspaceId: hooks.workspaceId, config: { dedupe } });
    const first = await post(hook, body);
    expect(first.status).toBe(202);
    expect((await post(hook, body)).json).toEqual({ ...first.json, duplicate: true });
    const key = (await eventsOf(hook))[0]!.dedupe_key;
    if (typeof expected === 'string') expect(key).toBe(expected);
    else expect(key).toMatch(expected);
  });

  it('an expression sees no credential', async () => {
    const hook = await makeHook({
      workspaceId: hooks.workspaceId,
      config: { dedupe: { $expr: 'trigger.headers.authorization' } },
    });
    await deliver(hooks.server, hook.path, { headers: { authorization: 'Bearer canary' }, body: 'x' });
    expect((await eventsOf(hook))[0]!.dedupe_key).toBe('[redacted]');
  });
});

describe('a quarantined event', () => {
  const config: JsonObject = {
    ...BY_ID,
    schema: { type: 'object', properties: { total: { type: 'number' } }, required: ['total'] },
    onSchemaMismatch: 'quarantine',
  };

  it('is kept without a run, with what is wrong, and answered 202; its repeat gets its id', async () => {
    const hook = await makeHook({ workspaceId: hooks.workspaceId, config });
    const first = await post(hook, { id: 'q1', total: 'many' });
    const [stored] = await eventsOf(hook);
    expect(first).toMatchObject({ status: 202, json: { eventId: stored!.id, runId: null } });
    expect(stored).toMatchObject({
      run_id: null,
      quarantine: [{ pointer: '/total', message: 'must be number' }],
    });
    expect((await post(hook, { id: 'q1', total: 'many' })).json).toEqual({ ...first.json, duplicate: true });
    expect(await eventsOf(hook)).toHaveLength(1);
  });

  it('does not concern bodies that match', async () => {
    const hook = await makeHook({ workspaceId: hooks.workspaceId, config });
    expect(await post(hook, { id: 'ok', total: 3 })).toMatchObject({
      status: 202,
      json: { runId: expect.any(String) },
    });
    expect(await eventsOf(hook)).toMatchObject([{ quarantine: null, run_status: 'queued' }]);
  });

  it('does not exist where the flow accepts what does not match', async () => {
    const hook = await makeHook({
      workspaceId: hooks.workspaceId,
      config: { ...config, onSchemaMismatch: 'accept' },
    });
    expect(await post(hook, { id: 'x' })).toMatchObject({ status: 202, json: { runId: expect.any(String) } });
  });
});

describe('what is published counts from its commit on', () => {
  it('a new version is judged by, and runs are pinned to it', async () => {
    const hook = await makeHook({ workspaceId: hooks.workspaceId });
    expect(await post(hook, { n: 1 })).toMatchObject({ status: 202 });
    await publishHook(hook, { schema: { required: ['id'] } });
    expect(await post(hook, { n: 2 })).toMatchObject({ status: 422 });
    await publishHook(hook, {});
    expect(await post(hook, { n: 3 })).toMatchObject({ status: 202 });
    const { rows } = await pool().query<{ version_number: number }>(
      'SELECT version_number FROM run WHERE flow_id = $1 ORDER BY id',
      [hook.flowId],
    );
    expect(rows.map((row) => row.version_number)).toEqual([1, 3]);
  });

  it('a secret that was changed or taken away stops working at once, and the new one works at once', async () => {
    const { prisma } = await import('#server/db/prisma.ts');
    const { patchConnection } = await import('#server/connections/save-connection.ts');
    const { testActor } = await import('#test/support/hook-fixture.ts');
    const config = { verify: { scheme: 'token', header: 'x-token' } };
    const hook = await makeHook({ workspaceId: hooks.workspaceId, config });
    const slug = await makeConnection(hooks.workspaceId, { secret: 'first' });
    await publishHook(hook, config, slug);
    const send = async (token: string) =>
      (await deliver(hooks.server, hook.path, { headers: { 'x-token': token }, body: 'x' })).status;
    const patch = (fields: Record<string, string | null>) =>
      patchConnection(testActor(hooks.workspaceId), slug, { fields });

    expect([await send('first'), await send('second')]).toEqual([202, 401]);
    await patch({ secret: 'second', previousSecret: 'first' });
    expect([await send('second'), await send('first')]).toEqual([202, 202]);
    await patch({ previousSecret: null });
    expect([await send('first'), await send('second')]).toEqual([401, 202]);
    await prisma().connection.deleteMany({ where: { workspaceId: hooks.workspaceId, slug } });
    expect(await send('second')).toBe(401);
  });

  it('a deleted flow is unknown at once', async () => {
    const hook = await makeHook({ workspaceId: hooks.workspaceId });
    expect((await post(hook, {})).status).toBe(202);
    await pool().query('DELETE FROM flow WHERE id = $1', [hook.flowId]);
    expect((await post(hook, {})).status).toBe(404);
  });
});
