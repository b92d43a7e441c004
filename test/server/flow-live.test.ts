import { randomBytes } from 'node:crypto';

import { afterEach, beforeAll, describe, expect, test } from 'vitest';

import type { FlowLive, Presence } from '#core/api/flow-live.ts';
import { handleApiRequest } from '#server/api/handle-api-request.ts';
import { flowLiveStream } from '#server/flows/flow-live-stream.ts';
import { announceHere } from '#server/live/flow-notices.ts';
import { pool } from '#server/db/pool.ts';
import { makeSession, makeUser } from '#test/support/people.ts';
import { manualFlow } from '#test/support/sample-flows.ts';
import { PUBLIC_URL } from '#test/support/use-app-database.ts';
import { makeApiWorkspace, useApi } from '#test/support/use-api.ts';
import { waitFor } from '#test/support/wait-for.ts';

const api = useApi();
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});
beforeAll(async () => {
  for (const slug of ['shared', 'other']) await api.call(`PUT /flows/${slug}`, manualFlow(slug));
});

const newTab = () => randomBytes(16).toString('hex');

interface Followed {
  readonly heard: readonly FlowLive[];
  /** Whom it is told to be there, by name. */
  names(): readonly string[];
  people(): readonly Presence[];
  close(): Promise<void>;
}
interface Page extends Followed {
  readonly tab: string;
  select(...selected: string[]): Promise<void>;
}

/** Somebody opens a flow, over the API as a browser does. */
async function open(cookie: string, slug = 'shared', tab = newTab()): Promise<Page> {
  const headers = { cookie, origin: PUBLIC_URL, host: new URL(PUBLIC_URL).host };
  const request = new Request(`${PUBLIC_URL}/api/v1/flows/${slug}/stream?tab=${tab}`, {
    headers,
  });
  const response = await handleApiRequest(request);
  if (!response.body) throw new Error('The reply has no stream');
  const page = await follow(response.body);
  return {
    ...page,
    tab,
    select: async (...selected) => {
      const asked = { key: undefined, cookie };
      const reply = await api.call(`PUT /flows/${slug}/presence/${tab}`, { selected }, asked);
      expect(reply.status).toBe(204);
    },
  };
}

/** Reads a stream until the test ends, or the page is closed. */
async function follow(stream: ReadableStream<Uint8Array>): Promise<Followed> {
  const heard: FlowLive[] = [];
  const reader = stream.getReader();
  const reading = readAll(reader, heard);
  const people = () => heard.findLast((message) => message.kind === 'people')?.people ?? [];
  const close = async () => {
    await reader.cancel();
    await reading;
  };
  closers.push(close);
  await waitFor('the stream to begin', () => heard.length > 0);
  return { heard, people, names: () => people().map(({ name }) => name), close };
}

async function readAll(reader: ReadableStreamDefaultReader<Uint8Array>, heard: FlowLive[]): Promise<void> {
  let text = '';
  const decoder = new TextDecoder();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const messages = (text + decoder.decode(value, { stream: true })).split('\n\n');
    text = messages.pop() ?? '';
    for (const message of messages) {
      const data = /^data: (.*)$/m.exec(message)?.[1];
      if (data !== undefined && !message.startsWith('event:')) heard.push(JSON.parse(data) as FlowLive);
    }
  }
}

async function visitor(workspaceId = api.workspaceId) {
  const { id } = await makeUser(workspaceId, 'viewer');
  const name = `Visitor ${id.slice(0, 4)}`;
  await pool().query('update "user" set name = $2 where id = $1', [id, name]);
  return { id, name, cookie: await makeSession(id) };
}

describe('who has a flow open', () => {
  test('each sees the other, what they select, and that they left', async () => {
    const [ada, bob] = [await visitor(), await visitor()];
    const first = await open(ada.cookie);
    expect(first.people()).toEqual([]);
    const second = await open(bob.cookie);
    await waitFor('both to see each other', () => first.names().length === 1 && second.names().length === 1);
    expect(first.people()).toEqual([{ tab: second.tab, userId: bob.id, name: bob.name, selected: [] }]);
    expect(second.names()).toEqual([ada.name]);

    await second.select('start');
    await waitFor('the selection', () => first.people()[0]?.selected.join() === 'start');
    // Whoever comes later is told, too: the one who selected says it again.
    const third = await open(ada.cookie);
    await waitFor('the selection of before', () =>
      third.people().some(({ userId, selected }) => userId === bob.id && selected.join() === 'start'),
    );

    await second.close();
    await waitFor('them to be gone', () => !first.names().includes(bob.name));
  });

  test('nobody of another flow or of another workspace is seen, and an API key is not', async () => {
    const elsewhere = await makeApiWorkspace();
    await api.call('PUT /flows/shared', manualFlow('shared'), { key: elsewhere.key });
    const [ada, bob, eve] = [await visitor(), await visitor(), await visitor(elsewhere.workspaceId)];
    const mine = await open(ada.cookie);
    await open(bob.cookie, 'other');
    const foreign = await open(eve.cookie);
    const request = new Request(`${PUBLIC_URL}/api/v1/flows/shared/stream?tab=${newTab()}`, {
      headers: { authorization: `Bearer ${api.key}` },
    });
    const unseen = (await handleApiRequest(request)).body;
    const witness = await open((await visitor()).cookie);
    await waitFor('the one who is here', () => mine.names().length > 0);
    expect(mine.people().map(({ tab }) => tab)).toEqual([witness.tab]);
    expect(foreign.people()).toEqual([]);
    await unseen?.cancel();
  });

  test('nobody can select for somebody else', async () => {
    const [ada, bob] = [await visitor(), await visitor()];
    const [first, second] = [await open(ada.cookie), await open(bob.cookie)];
    await waitFor('both', () => first.names().length === 1);
    const forged = { key: undefined, cookie: ada.cookie };
    await api.call(`PUT /flows/shared/presence/${second.tab}`, { selected: ['forged'] }, forged);
    await second.select('start');
    await waitFor('the real selection', () => first.people()[0]?.selected.join() === 'start');
    expect(JSON.stringify(first.heard)).not.toContain('forged');
  });

  test('somebody of another process is seen, and gone when that process is heard of no more', async () => {
    const { id, name } = await visitor();
    const actor = {
      kind: 'user',
      id,
      userId: id,
      name,
      workspaceId: api.workspaceId,
      role: 'viewer',
      address: '',
    } as const;
    const pace = { sayEvery: 50, goneAfter: 400 };
    const page = await follow(await flowLiveStream(actor, 'shared', newTab(), pace));
    const person = { tab: newTab(), userId: (await visitor()).id, name: 'Far away', selected: ['start'] };
    await waitFor('them to be seen', () => {
      // Until this process listens, nothing is heard.
      announceHere({ workspaceId: api.workspaceId, flow: 'shared' }, person);
      return page.people().some(({ tab }) => tab === person.tab);
    });
    await waitFor('them to be forgotten', () => page.people().length === 0);
  });
});

describe('what happens to an open flow', () => {
  test('a saved draft is told with its ETag and who saved it; one that changes nothing is not', async () => {
    const ada = await visitor();
    const page = await open(ada.cookie);
    const same = await api.call('PUT /flows/shared', manualFlow('shared'));
    const saved = await api.call('PUT /flows/shared', { ...manualFlow('shared'), name: 'Renamed' });
    await waitFor('the draft', () => page.heard.some(({ kind }) => kind === 'draft'));
    const drafts = page.heard.filter(({ kind }) => kind === 'draft');
    expect(drafts).toEqual([{ kind: 'draft', etag: saved.headers.get('etag'), userId: null }]);
    expect(same.headers.get('etag')).not.toBe(saved.headers.get('etag'));
  });

  test('versions are told: published, rolled back, taken off the air', async () => {
    const page = await open((await visitor()).cookie, 'other');
    const versions = () =>
      page.heard.flatMap((message) => (message.kind === 'version' ? [message.version] : []));
    await api.call('POST /flows/other/publish');
    await waitFor('version 1', () => versions().at(-1) === 1);
    await api.call('PUT /flows/other', { ...manualFlow('other'), name: 'Second' });
    await api.call('POST /flows/other/publish');
    await waitFor('version 2', () => versions().at(-1) === 2);
    await api.call('POST /flows/other/rollback', { version: 1 });
    await waitFor('version 3', () => versions().at(-1) === 3);
    await api.call('POST /flows/other/unpublish');
    await waitFor('none', () => versions().at(-1) === null);
  });

  test('is refused for a flow that is not there, and for a tab that is none', async () => {
    const { cookie } = await visitor();
    const asked = { key: undefined, cookie };
    expect((await api.call('GET /flows/none/stream', undefined, asked)).status).toBe(404);
    expect((await api.call(`PUT /flows/none/presence/${newTab()}`, { selected: [] }, asked)).status).toBe(
      404,
    );
    expect((await api.call('PUT /flows/shared/presence/me', { selected: [] }, asked)).status).toBe(400);
  });
});
