import { beforeAll, describe, expect, test } from 'vitest';

import { callApi } from '#test/support/call-api.ts';
import { makeSession, makeUser } from '#test/support/people.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { readRun, readSteps, useWorkers, whenRun } from './worker-fixture.ts';

const fixture = useWorkers();

let ada: string;
let ben: string;
let count = 0;

beforeAll(async () => {
  const member = async () => makeSession((await makeUser(fixture.workspaceId, 'editor')).id);
  [ada, ben] = [await member(), await member()];
  await fixture.startWorker();
});

async function call(cookie: string, line: string, body?: unknown) {
  const reply = await callApi(line, { cookie, ...(body !== undefined && { body }) });
  expect(reply.status, JSON.stringify(reply.body)).toBeLessThan(300);
  return reply.body;
}

/** A connection of Ada's, and a flow that calls with it. */
async function prepare(more: { readonly isShared: boolean }): Promise<string> {
  const slug = `flow-${(count += 1)}`;
  const connection = { slug, connector: 'bearer_token', owner: 'me', fields: { token: `token-of-${slug}` } };
  await call(ada, 'POST /connections', { ...connection, ...more });
  await call(ada, `PUT /flows/${slug}`, {
    format: 1,
    name: slug,
    slug,
    nodes: [
      { id: 'start', type: 'core.manual', version: 1 },
      {
        id: 'call',
        type: 'http.request',
        version: 1,
        connection: slug,
        config: { method: 'GET', url: `${fixture.sink.url}/${slug}` },
        retry: { attempts: 1 },
      },
    ],
    edges: [{ from: 'start', to: 'call' }],
  });
  return slug;
}

async function run(cookie: string, slug: string, version: 'latest' | 'draft' = 'latest') {
  const { id } = (await call(cookie, `POST /flows/${slug}/runs`, { input: {}, version })) as { id: string };
  await whenRun(fixture, id);
  return readRun(fixture, id);
}
/** A worker keeps what it opened for a moment: runs are started until one ends as expected, which is the run that is returned. */
const runUntil = (cookie: string, slug: string, status: string, version?: 'latest' | 'draft') =>
  waitFor(`a run that ends ${status}`, async () => {
    const ended = await run(cookie, slug, version);
    return ended.status === status && ended;
  });
const tokens = (slug: string) => fixture.sink.at(`/${slug}`).map(({ headers }) => headers.authorization);

describe('a run uses the connections of whoever published its version,', () => {
  test('whoever starts it', async () => {
    const slug = await prepare({ isShared: false });
    await call(ada, `POST /flows/${slug}/publish`, {});
    for (const cookie of [ada, ben]) expect(await run(cookie, slug)).toMatchObject({ status: 'succeeded' });
    expect(tokens(slug)).toEqual([`Bearer token-of-${slug}`, `Bearer token-of-${slug}`]);
  });

  test('and of a draft, of whoever tries it, also when another tried the same before', async () => {
    const slug = await prepare({ isShared: true });
    await call(ada, `PATCH /connections/${slug}`, { isShared: false });
    expect(await run(ada, slug, 'draft')).toMatchObject({ status: 'succeeded' });
    const tried = await callApi(`POST /flows/${slug}/runs`, {
      cookie: ben,
      body: { input: {}, version: 'draft' },
    });
    expect(tried.status).toBe(422);
    // Shared when it was tried, taken back before it ran: the same content, but not the same member's.
    await call(ada, `PATCH /connections/${slug}`, { isShared: true });
    await runUntil(ben, slug, 'succeeded', 'draft');
    expect(tokens(slug)).toHaveLength(2);
  });

  test('as they are then: one that is taken back is, to others, not there', async () => {
    const slug = await prepare({ isShared: true });
    await call(ben, `POST /flows/${slug}/publish`, {});
    expect(await run(ben, slug)).toMatchObject({ status: 'succeeded' });
    await call(ada, `PATCH /connections/${slug}`, { isShared: false });
    const refused = await runUntil(ben, slug, 'failed');
    expect(refused).toMatchObject({ error: { code: 'connection_missing', nodeId: 'call' } });
    expect(JSON.stringify(await readSteps(fixture, refused.id))).not.toContain('token-of');
    // Not even its owner can start it: the version is another's.
    const calls = tokens(slug).length;
    expect(await run(ada, slug)).toMatchObject({ status: 'failed' });
    expect(tokens(slug)).toHaveLength(calls);
    await call(ada, `POST /flows/${slug}/publish`, {});
    expect(await run(ben, slug)).toMatchObject({ status: 'succeeded' });
  });
});
