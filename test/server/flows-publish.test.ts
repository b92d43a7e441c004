import { describe, expect, test } from 'vitest';

import { contentHash } from '#server/flows/content-hash.ts';
import { prisma } from '#server/db/prisma.ts';
import { emptyFlow, manualFlow, webhookFlow } from '#test/support/sample-flows.ts';
import { makeConnection } from '#test/support/hook-fixture.ts';
import { PUBLIC_URL } from '#test/support/use-app-database.ts';
import { makeApiWorkspace, useApi } from '#test/support/use-api.ts';

const api = useApi();

/** The flow's numbered versions in the database. */
async function numbersOf(slug: string): Promise<(number | null)[]> {
  const rows = await prisma().flowVersion.findMany({
    where: { workspaceId: api.workspaceId, flow: { slug }, number: { not: null } },
    orderBy: { number: 'asc' },
  });
  return rows.map((row) => row.number);
}

async function edit(slug: string, name: string): Promise<void> {
  expect((await api.call(`PUT /flows/${slug}`, { ...manualFlow(slug), name })).status).toBeLessThan(300);
}

describe('publish', () => {
  test('makes versions 1, 2, 3, and none when nothing changed', async () => {
    await edit('steps', 'One');
    expect((await api.call('POST /flows/steps/publish')).body).toEqual({ version: 1, hookUrl: null });
    expect((await api.call('POST /flows/steps/publish')).body.version).toBe(1);
    await edit('steps', 'Two');
    expect((await api.call('GET /flows/steps/summary')).body).toMatchObject({
      publishedVersion: 1,
      draftChanged: true,
    });
    expect((await api.call('POST /flows/steps/publish', { note: 'second' })).body.version).toBe(2);
    await edit('steps', 'Three');
    expect((await api.call('POST /flows/steps/publish')).body.version).toBe(3);
    expect(await numbersOf('steps')).toEqual([1, 2, 3]);

    const { body } = await api.call('GET /flows/steps/versions?limit=2');
    expect(body.data.map((version: { version: number }) => version.version)).toEqual([3, 2]);
    expect(body.data[1]).toMatchObject({ note: 'second', published: false, createdBy: null });
    const rest = (await api.call(`GET /flows/steps/versions?limit=2&cursor=${body.next}`)).body;
    expect([rest.data.length, rest.next]).toEqual([1, null]);
    expect((await api.call('GET /flows/steps/versions/2')).body).toMatchObject({
      version: 2,
      document: { ...manualFlow('steps'), name: 'Two' },
    });
    expect((await api.call('GET /flows/steps/versions/4')).status).toBe(404);
    expect((await api.call('GET /flows/steps/versions/99999999999')).status).toBe(404);
  });

  test('refuses a draft with faults, lists every one, and leaves the published version alone', async () => {
    await edit('guarded', 'Good');
    await api.call('POST /flows/guarded/publish');
    await api.call('PUT /flows/guarded', {
      ...manualFlow('guarded'),
      nodes: [
        { id: 'start', type: 'core.manual', version: 1, config: { schema: { type: 'nonsense' } } },
        { id: 'map', type: 'core.map', version: 1, config: { output: { $expr: 'trigger.(' } } },
        { id: 'call', type: 'http.request', version: 1, connection: 'missing', config: {} },
      ],
      edges: [
        { from: 'start', to: 'map' },
        { from: 'map', to: 'call' },
      ],
    });
    const { status, body } = await api.call('POST /flows/guarded/publish');
    expect(status).toBe(422);
    const found = body.errors.map((error: { pointer: string; code: string }) => [error.pointer, error.code]);
    expect(found).toEqual(
      expect.arrayContaining([
        ['/nodes/0/config/schema/type', 'schema_invalid'],
        ['/nodes/2/connection', 'unknown_connection'],
        ['/nodes/2/config/url', 'setting_missing'],
      ]),
    );
    expect(found.map(([pointer]: [string]) => pointer)).toContain('/nodes/1/config/output');
    expect((await api.call('GET /flows/guarded/summary')).body.publishedVersion).toBe(1);
    expect(await numbersOf('guarded')).toEqual([1]);
  });

  test('refuses a draft that nothing starts', async () => {
    await api.call('PUT /flows/idle', emptyFlow('idle'));
    expect((await api.call('POST /flows/idle/publish')).status).toBe(422);
  });

  test('takes a connection of this workspace and of a fitting connector only', async () => {
    const fitting = await makeConnection(api.workspaceId, { secret: 'a-long-enough-secret' });
    const other = await makeApiWorkspace();
    const foreign = await makeConnection(other.workspaceId, { secret: 'a-long-enough-secret' });
    const wrong = await makeConnection(api.workspaceId, { token: 'a-long-enough-token' }, 'bearer_token');
    const publishWith = async (slug: string, connection: string) => {
      await api.call(
        `PUT /flows/${slug}`,
        webhookFlow(slug, { connection, config: { verify: { scheme: 'github' } } }),
      );
      return api.call(`POST /flows/${slug}/publish`);
    };
    expect((await publishWith('signed', fitting)).status).toBe(200);
    expect((await publishWith('foreign', foreign)).body.errors).toMatchObject([
      { pointer: '/nodes/0/connection', code: 'unknown_connection' },
    ]);
    expect((await publishWith('wrong', wrong)).body.errors).toMatchObject([
      { pointer: '/nodes/0/connection', code: 'connection_does_not_fit' },
    ]);
  });

  test('gives a webhook flow one hook for good', async () => {
    await api.call('PUT /flows/hooked', webhookFlow('hooked'));
    const first = (await api.call('POST /flows/hooked/publish')).body;
    expect(first.hookUrl).toMatch(new RegExp(`^${PUBLIC_URL}/hooks/[A-Za-z0-9_-]{22,}$`));
    await api.call('PUT /flows/hooked', { ...webhookFlow('hooked'), name: 'Renamed' });
    expect((await api.call('POST /flows/hooked/publish')).body).toEqual({
      version: 2,
      hookUrl: first.hookUrl,
    });
    await api.call('POST /flows/hooked/unpublish');
    expect((await api.call('GET /flows/hooked/summary')).body).toMatchObject({
      publishedVersion: null,
      hookUrl: first.hookUrl,
    });
    expect((await api.call('POST /flows/hooked/publish')).body).toEqual({
      version: 2,
      hookUrl: first.hookUrl,
    });
  });

  test('with If-Match publishes that draft or none', async () => {
    await edit('exact', 'One');
    const stale = await api.call('POST /flows/exact/publish', undefined, { headers: { 'if-match': '"9"' } });
    expect([stale.status, stale.headers.get('etag')]).toEqual([412, '"1"']);
    const right = await api.call('POST /flows/exact/publish', undefined, { headers: { 'if-match': '"1"' } });
    expect(right.status).toBe(200);
  });

  test('thirty at once between edits never make the same number twice', async () => {
    await edit('busy', 'Start');
    const work = Array.from({ length: 30 }, async (_, n) => {
      await edit('busy', `Edit ${n}`);
      return api.call('POST /flows/busy/publish');
    });
    for (const reply of await Promise.all(work)) expect(reply.status).toBe(200);
    const numbers = await numbersOf('busy');
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
    const { body } = await api.call('GET /flows/busy/summary');
    expect(body.publishedVersion).toBe(numbers.length);
  });

  test('at once of one new webhook draft make one version and one hook', async () => {
    await api.call('PUT /flows/twins', webhookFlow('twins'));
    const replies = await Promise.all(
      Array.from({ length: 10 }, () => api.call('POST /flows/twins/publish')),
    );
    expect(new Set(replies.map((reply) => JSON.stringify(reply.body))).size).toBe(1);
    expect(await numbersOf('twins')).toEqual([1]);
  });
});

describe('rollback', () => {
  test('publishes an earlier document as a new version and leaves the draft alone', async () => {
    await edit('back', 'One');
    await api.call('POST /flows/back/publish');
    await edit('back', 'Two');
    await api.call('POST /flows/back/publish');
    await edit('back', 'Three');
    expect((await api.call('POST /flows/back/rollback', { version: 1 })).body).toEqual({
      version: 3,
      hookUrl: null,
    });
    expect((await api.call('GET /flows/back/versions/3')).body).toMatchObject({
      document: { name: 'One' },
      note: 'Rollback to version 1',
      published: true,
    });
    const draft = await api.call('GET /flows/back');
    expect([draft.body.name, draft.headers.get('etag')]).toEqual(['Three', '"3"']);
    expect((await api.call('POST /flows/back/rollback', { version: 1 })).body.version).toBe(3);
    expect((await api.call('POST /flows/back/publish')).body.version).toBe(4);
  });

  test('refuses a version that does not exist, and one whose connection is gone', async () => {
    const connection = await makeConnection(api.workspaceId, { secret: 'a-long-enough-secret' });
    const signed = webhookFlow('lost', { connection, config: { verify: { scheme: 'github' } } });
    await api.call('PUT /flows/lost', signed);
    await api.call('POST /flows/lost/publish');
    await api.call('PUT /flows/lost', webhookFlow('lost'));
    await api.call('POST /flows/lost/publish');
    const missing = await api.call('POST /flows/lost/rollback', { version: 7 });
    expect([missing.status, missing.body.errors[0].pointer]).toEqual([422, '/version']);
    await prisma().connection.deleteMany({ where: { workspaceId: api.workspaceId, slug: connection } });
    const unbound = await api.call('POST /flows/lost/rollback', { version: 1 });
    expect([unbound.status, unbound.body.errors[0].code]).toEqual([422, 'unknown_connection']);
    expect((await api.call('GET /flows/lost/summary')).body.publishedVersion).toBe(2);
  });
});

describe('what is kept', () => {
  test('every write is in the audit trail, in order', async () => {
    await edit('traced', 'One');
    await api.call('POST /flows/traced/publish');
    await edit('traced', 'Two');
    await api.call('POST /flows/traced/publish');
    await api.call('POST /flows/traced/rollback', { version: 1 });
    await api.call('POST /flows/traced/unpublish');
    await api.call('POST /flows/traced/unpublish');
    await api.call('DELETE /flows/traced');
    const entries = await prisma().auditEntry.findMany({
      where: { resource: 'flow:traced' },
      orderBy: { id: 'asc' },
    });
    expect(entries.map((entry) => entry.action.slice('flow.'.length))).toEqual([
      'create',
      'publish',
      'update',
      'publish',
      'rollback',
      'unpublish',
      'delete',
    ]);
  });

  test('a version carries the hash of its content', async () => {
    await edit('hashed', 'One');
    await api.call('POST /flows/hashed/publish');
    const row = await prisma().flowVersion.findFirstOrThrow({ where: { flow: { slug: 'hashed' } } });
    const document = { ...manualFlow('hashed'), name: 'One' };
    expect(contentHash(document).equals(row.contentHash)).toBe(true);
    expect(contentHash({ ...document, name: 'Two' }).equals(row.contentHash)).toBe(false);
  });

  test('keeps the keys of settings in the order in which they were written, and takes a new order for a change', async () => {
    const write = async (output: Record<string, string>) => {
      const nodes = [
        manualFlow('ordered').nodes[0],
        { ...manualFlow('ordered').nodes[1], config: { output } },
      ];
      await api.call('PUT /flows/ordered', { ...manualFlow('ordered'), nodes });
      return (await api.call('POST /flows/ordered/publish')).body.version;
    };
    const keysOf = async (path: string) => {
      const { body } = await api.call(path);
      return Object.keys((body.document ?? body).nodes[1].config.output);
    };
    expect(await write({ zeta: '1', alpha: '2', mu: '3' })).toBe(1);
    expect(await keysOf('GET /flows/ordered')).toEqual(['zeta', 'alpha', 'mu']);
    expect(await keysOf('GET /flows/ordered/versions/1')).toEqual(['zeta', 'alpha', 'mu']);
    expect(await write({ alpha: '2', mu: '3', zeta: '1' })).toBe(2);
    expect(await keysOf('GET /flows/ordered')).toEqual(['alpha', 'mu', 'zeta']);
  });

  test('the deletion of a flow leaves its runs and versions readable', async () => {
    await edit('mortal', 'One');
    await api.call('POST /flows/mortal/publish');
    const run = (await api.call('POST /flows/mortal/runs', { input: { a: 1 } })).body;
    await api.call('POST /flows/mortal/runs', { input: { a: 2 }, version: 'draft' });
    expect((await api.call('DELETE /flows/mortal')).status).toBe(204);

    const { status, body } = await api.call(`GET /runs/${run.id}`);
    expect([status, body.flow, body.version, body.trigger.body]).toEqual([200, 'mortal', 1, { a: 1 }]);
    expect(body.document).toEqual({ ...manualFlow('mortal'), name: 'One' });
    expect((await api.call('GET /runs?flow=mortal')).body.data).toHaveLength(2);
    const versions = await prisma().flowVersion.findMany({
      where: { workspaceId: api.workspaceId, document: { path: ['slug'], equals: 'mortal' } },
    });
    expect(versions.map((version) => [version.flowId, version.number])).toEqual(
      expect.arrayContaining([
        [null, 1],
        [null, null],
      ]),
    );

    // A new flow of the same slug begins anew and does not inherit them.
    await edit('mortal', 'Reborn');
    expect((await api.call('GET /flows/mortal/summary')).body.runs24h.total).toBe(0);
    expect((await api.call('GET /flows/mortal/versions')).body.data).toEqual([]);
    expect((await api.call('POST /flows/mortal/publish')).body.version).toBe(1);
  });
});
