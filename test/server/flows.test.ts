import { describe, expect, test } from 'vitest';

import { prisma } from '#server/db/prisma.ts';
import { emptyFlow, manualFlow, webhookFlow } from '#test/support/sample-flows.ts';
import { makeApiWorkspace, useApi } from '#test/support/use-api.ts';

const api = useApi();

describe('a draft', () => {
  test('is created, read, replaced and deleted', async () => {
    const created = await api.call('POST /flows', manualFlow('life'));
    expect(created).toMatchObject({ status: 201, body: manualFlow('life') });
    expect(created.headers.get('etag')).toBe('"1"');
    expect(created.headers.get('location')).toBe('/api/v1/flows/life');

    const changed = { ...manualFlow('life'), name: 'Renamed' };
    const put = await api.call('PUT /flows/life', changed);
    expect([put.status, put.headers.get('etag'), put.body.name]).toEqual([200, '"2"', 'Renamed']);

    const read = await api.call('GET /flows/life');
    expect([read.status, read.headers.get('etag')]).toEqual([200, '"2"']);
    expect(read.body).toEqual(changed);

    expect((await api.call('DELETE /flows/life')).status).toBe(204);
    expect((await api.call('GET /flows/life')).status).toBe(404);
    expect((await api.call('DELETE /flows/life')).status).toBe(404);
  });

  test('comes back with its members in the order of the schema, though the database keeps none', async () => {
    await api.call('PUT /flows/order', manualFlow('order'));
    const { body } = await api.call('GET /flows/order');
    expect(Object.keys(body)).toEqual(Object.keys(manualFlow('order')));
    expect(Object.keys(body.nodes[0])).toEqual(['id', 'type', 'version', 'config']);
  });

  test('fills in what the document leaves out', async () => {
    const { status, body } = await api.call('PUT /flows/short', {
      format: 1,
      name: 'Short',
      slug: 'short',
      nodes: [{ id: 'start', type: 'core.manual', version: 1 }],
      edges: [],
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      description: '',
      settings: {},
      notes: [],
      pins: {},
      nodes: [{ config: {} }],
    });
  });

  test('that is saved unchanged keeps its ETag and leaves no audit entry', async () => {
    await api.call('PUT /flows/same', manualFlow('same'));
    const { headers } = await api.call('PUT /flows/same', manualFlow('same'));
    expect(headers.get('etag')).toBe('"1"');
    const entries = await prisma().auditEntry.findMany({ where: { resource: 'flow:same' } });
    expect(entries.map((entry) => entry.action)).toEqual(['flow.create']);
  });

  test('may have what only keeps it from being published', async () => {
    expect((await api.call('PUT /flows/blank', emptyFlow('blank'))).status).toBe(201);
  });

  test('with broken structure is refused, every fault with its pointer and code, and nothing is stored', async () => {
    const { status, headers, body } = await api.call('POST /flows', {
      ...manualFlow('broken'),
      surprise: 1,
      edges: [
        { from: 'start', to: 'nowhere' },
        { from: 'gone', to: 'map' },
      ],
    });
    expect(status).toBe(422);
    expect(headers.get('content-type')).toBe('application/problem+json');
    const pointers = body.errors.map((error: { pointer: string }) => error.pointer);
    expect(pointers).toEqual(expect.arrayContaining(['/surprise', '/edges/0/to', '/edges/1/from']));
    for (const error of body.errors) expect(error.code).toMatch(/^[a-z_]+$/);
    expect((await api.call('GET /flows/broken')).status).toBe(404);
  });

  test('must have the slug of its address', async () => {
    const { status, body } = await api.call('PUT /flows/one', manualFlow('two'));
    expect([status, body.errors]).toEqual([
      422,
      [expect.objectContaining({ pointer: '/slug', code: 'slug_mismatch' })],
    ]);
  });

  test('of a taken slug is not created a second time', async () => {
    await api.call('POST /flows', manualFlow('taken'));
    const { status, body } = await api.call('POST /flows', { ...manualFlow('taken'), name: 'Another' });
    expect([status, body.type, body.errors[0].pointer]).toEqual([409, '/problems/slug_taken', '/slug']);
    expect((await api.call('GET /flows/taken')).body.name).toBe('Flow taken');
  });

  test.each([
    ['no document', undefined],
    ['null', 'null'],
    ['a list', '[]'],
    ['a text', '"flow"'],
  ])('that is %s is refused, not a failure', async (_, body) => {
    expect((await api.call('PUT /flows/odd', body)).status).toBe(422);
  });

  test.each(['%00', 'UPPER', 'a%2Fb', 'x'.repeat(64), '%E2%82%AC', '-a'])(
    'is not found as %s',
    async (slug) => {
      expect((await api.call(`GET /flows/${slug}`)).status).toBe(404);
      expect((await api.call(`GET /flows/${slug}/summary`)).status).toBe(404);
    },
  );
});

describe('If-Match', () => {
  const put = (slug: string, name: string, ifMatch: string) =>
    api.call(`PUT /flows/${slug}`, { ...manualFlow(slug), name }, { headers: { 'if-match': ifMatch } });

  test.each([
    ['the ETag', '"1"', 200],
    ['a list with the ETag', '"7", "1"', 200],
    ['any', '*', 200],
    ['another ETag', '"2"', 412],
    ['a weak ETag', 'W/"1"', 412],
    ['a number without quotes', '1', 412],
  ])('%s: %s', async (name, ifMatch, status) => {
    const slug = `match-${name.replaceAll(' ', '-').toLowerCase()}`;
    await api.call('POST /flows', manualFlow(slug));
    const reply = await put(slug, 'Changed', ifMatch);
    expect(reply.status).toBe(status);
    if (status === 412) expect(reply.headers.get('etag')).toBe('"1"');
    expect((await api.call(`GET /flows/${slug}`)).body.name).toBe(
      status === 200 ? 'Changed' : `Flow ${slug}`,
    );
  });

  test.each(['"1"', '*'])('%s creates nothing where there is no flow', async (ifMatch) => {
    expect((await put('never-made', 'X', ifMatch)).status).toBe(412);
    expect((await api.call('GET /flows/never-made')).status).toBe(404);
  });

  test('lets exactly one of twenty writers through', async () => {
    await api.call('POST /flows', manualFlow('race'));
    const replies = await Promise.all(
      Array.from({ length: 20 }, (_, n) => put('race', `Writer ${n}`, '"1"')),
    );
    const won = replies.filter((reply) => reply.status === 200);
    expect(won).toHaveLength(1);
    expect(replies.filter((reply) => reply.status === 412)).toHaveLength(19);
    const { body, headers } = await api.call('GET /flows/race');
    expect([body.name, headers.get('etag')]).toEqual([won[0]?.body.name, '"2"']);
  });

  test('absent, twenty writers of a new flow all succeed, one of them creating it', async () => {
    const replies = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        api.call('PUT /flows/crowd', { ...manualFlow('crowd'), name: `Writer ${n}` }),
      ),
    );
    expect(replies.filter((reply) => reply.status === 201)).toHaveLength(1);
    expect(replies.filter((reply) => reply.status === 200)).toHaveLength(19);
    expect((await api.call('GET /flows/crowd')).headers.get('etag')).toBe('"20"');
  });
});

describe('another workspace', () => {
  test('has its own flow of the same slug and sees nothing of this one', async () => {
    const other = await makeApiWorkspace();
    await api.call('PUT /flows/shared', manualFlow('shared'));
    const calls = [
      'GET /flows/shared',
      'GET /flows/shared/summary',
      'GET /flows/shared/stats',
      'GET /flows/shared/versions',
      'DELETE /flows/shared',
      'POST /flows/shared/publish',
      'POST /flows/shared/unpublish',
      'POST /flows/shared/runs',
    ];
    for (const call of calls)
      expect([call, (await api.call(call, undefined, other)).status]).toEqual([call, 404]);
    expect((await api.call('GET /flows', undefined, other)).body.data).toEqual([]);

    const theirs = { ...manualFlow('shared'), name: 'Theirs' };
    expect((await api.call('PUT /flows/shared', theirs, other)).status).toBe(201);
    expect((await api.call('GET /flows/shared')).body.name).toBe('Flow shared');
  });
});

describe('the list of flows', () => {
  test('says what pages show', async () => {
    await api.call('PUT /flows/shown', webhookFlow('shown'));
    const before = (await api.call('GET /flows/shown/summary')).body;
    expect(before).toMatchObject({
      slug: 'shown',
      name: 'Flow shown',
      trigger: 'core.webhook',
      publishedVersion: null,
      draftChanged: true,
      etag: '"1"',
      hookUrl: null,
      updatedBy: null,
      runs24h: { total: 0, failed: 0 },
    });
    const { body: published } = await api.call('POST /flows/shown/publish');
    const after = (await api.call('GET /flows/shown/summary')).body;
    expect(after).toMatchObject({ publishedVersion: 1, draftChanged: false, hookUrl: published.hookUrl });
    const listed = (await api.call('GET /flows?q=shown')).body.data;
    expect(listed).toEqual([after]);
  });

  test('pages through every flow once, by slug, while others are inserted and edited', async () => {
    const other = await makeApiWorkspace();
    const slugs = Array.from({ length: 9 }, (_, n) => `page-${n}`);
    for (const slug of slugs) await api.call(`PUT /flows/${slug}`, manualFlow(slug), other);
    const seen: string[] = [];
    let cursor: string | null = '';
    for (let page = 0; cursor !== null; page += 1) {
      const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const { body } = await api.call(`GET /flows?limit=2&sort=slug${query}`, undefined, other);
      seen.push(...body.data.map((flow: { slug: string }) => flow.slug));
      cursor = body.next;
      await api.call('PUT /flows/page-0', { ...manualFlow('page-0'), name: `Edit ${page}` }, other);
      await api.call(`PUT /flows/aa-${page}`, manualFlow(`aa-${page}`), other);
    }
    expect(seen).toEqual(slugs);
  });

  test('begins with the last edited', async () => {
    const other = await makeApiWorkspace();
    for (const slug of ['first', 'second', 'third'])
      await api.call(`PUT /flows/${slug}`, manualFlow(slug), other);
    await api.call('PUT /flows/first', { ...manualFlow('first'), name: 'Edited' }, other);
    const one = (await api.call('GET /flows?limit=2', undefined, other)).body;
    const two = (await api.call(`GET /flows?limit=2&cursor=${one.next}`, undefined, other)).body;
    const slugs = [...one.data, ...two.data].map((flow: { slug: string }) => flow.slug);
    expect([slugs, two.next]).toEqual([['first', 'third', 'second'], null]);
  });

  test.each([
    ['%25', ['percent']],
    ['_', ['under']],
    ['%5C', ['back']],
    ["'", ['quote']],
    ['100%25 SURE', ['percent']],
    ['%00', []],
    ['nothing has this', []],
  ])('finds %s literally', async (q, slugs) => {
    const other = await makeApiWorkspace();
    const names = { percent: '100% sure', under: 'snake_case', back: 'a\\b', quote: "it's", plain: 'plain' };
    for (const [slug, name] of Object.entries(names)) {
      await api.call(`PUT /flows/${slug}`, { ...manualFlow(slug), name }, other);
    }
    const { status, body } = await api.call(`GET /flows?sort=slug&q=${q}`, undefined, other);
    expect([status, body.data.map((flow: { slug: string }) => flow.slug)]).toEqual([200, slugs]);
  });

  test.each([
    'x',
    'bnVsbA',
    btoa('{"slug":"a","id":1}'),
    btoa('{"updatedAt":"0000-01-01T00:00:00Z","id":"x"}'),
  ])('refuses the cursor %s', async (cursor) => {
    const { status, body } = await api.call(`GET /flows?cursor=${encodeURIComponent(cursor)}`);
    expect([status, body.type]).toEqual([400, '/problems/invalid_cursor']);
  });
});
