import { describe, expect, test } from 'vitest';

import type { Acme } from '#sandbox/start-acme.ts';
import { callAcme, connect, postForm } from '#test/support/acme.ts';
import { useAcme } from '#test/support/use-acme.ts';

const startAcme = useAcme();

interface Connected {
  readonly acme: Acme;
  call(path: string, init?: Parameters<typeof callAcme>[3]): Promise<Response>;
}

async function connected(options: Parameters<typeof startAcme>[0] = {}): Promise<Connected> {
  const acme = await startAcme({ rateLimit: { requests: 10_000, seconds: 1 }, ...options });
  const { access_token: token } = await connect(acme);
  return { acme, call: (path, init) => callAcme(acme, token, path, init) };
}

async function jsonOf<T = Record<string, unknown>>(reply: Response): Promise<T> {
  return (await reply.json()) as T;
}

interface Listed {
  readonly data: { readonly id: string; readonly updatedAt: string }[];
  readonly nextCursor: string | null;
}

describe('records', () => {
  test('are made, read, changed and kept as they are said to be', async () => {
    const { call } = await connected();
    const made = await jsonOf<{ id: string; updatedAt: string }>(
      await call('/contacts', { body: { name: ' Nell Fox ', email: 'nell@example.com', phone: '1' } }),
    );
    expect(made).toMatchObject({ name: 'Nell Fox', email: 'nell@example.com', company: null, phone: '1' });
    const changed = await call(`/contacts/${made.id}`, {
      method: 'PATCH',
      body: { company: 'Fox', phone: null },
    });
    expect(changed.status).toBe(200);
    const read = await jsonOf<{ updatedAt: string }>(await call(`/contacts/${made.id}`));
    expect(read).toMatchObject({ name: 'Nell Fox', company: 'Fox', phone: null });
    expect(read.updatedAt > made.updatedAt).toBe(true);

    const deal = await jsonOf<{ id: string }>(
      await call('/deals', { body: { contactId: made.id, title: 'Fur', amount: 12.5, stage: 'due' } }),
    );
    expect(deal).toMatchObject({ pipelineId: 'renewals', currency: 'EUR', amount: 12.5 });
    await call(`/deals/${deal.id}`, { method: 'PATCH', body: { stage: 'won' } });
    expect(await jsonOf(await call(`/deals/${deal.id}`))).toMatchObject({
      stage: 'won',
      pipelineId: 'sales',
    });
  });

  test('of a pipeline name its stages, and these are the stages of deals', async () => {
    const { call } = await connected();
    const { data } = await jsonOf<{ data: { id: string; stages: { id: string }[] }[] }>(
      await call('/pipelines'),
    );
    for (const { id, stages } of data)
      for (const stage of stages) {
        const body = { contactId: 'con_sample1', title: 'x', amount: 0, stage: stage.id };
        expect(await jsonOf(await call('/deals', { body }))).toMatchObject({ pipelineId: id });
      }
  });

  test('that collide or do not fit are refused by name', async () => {
    const { call } = await connected();
    const taken = await call('/contacts', { body: { name: 'x', email: 'MARA@nordlicht.example' } });
    expect(taken.status).toBe(409);
    expect(await jsonOf(taken)).toMatchObject({
      error: { code: 'email_taken', fields: [{ field: 'email' }] },
    });
    const own = await call('/contacts/con_sample1', {
      method: 'PATCH',
      body: { email: 'Mara@nordlicht.example' },
    });
    expect(own.status).toBe(200);

    const wrong = await call('/deals', {
      body: { contactId: 'con_sample1', amount: -1, stage: 'x', extra: 1 },
    });
    expect(wrong.status).toBe(422);
    const { error } = await jsonOf<{ error: { fields: { field: string }[] } }>(wrong);
    expect(error.fields.map(({ field }) => field).sort()).toEqual(['amount', 'extra', 'stage', 'title']);
    const nobody = await call('/deals', {
      body: { contactId: 'con_x', title: 'x', amount: 1, stage: 'lead' },
    });
    expect(nobody.status).toBe(422);
    expect(await jsonOf(nobody)).toMatchObject({ error: { fields: [{ field: 'contactId' }] } });
    expect((await call('/contacts/con_x')).status).toBe(404);
  });
});

describe('a list', () => {
  test('is turned page by page without missing or repeating anything', async () => {
    const { call } = await connected();
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const query: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const page: Listed = await jsonOf<Listed>(await call(`/contacts?limit=3${query}`));
      expect(page.data.length).toBeLessThanOrEqual(3);
      seen.push(...page.data.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual(Array.from({ length: 8 }, (_, index) => `con_sample${index + 1}`));
  });

  test('shows what changes meanwhile on a later page', async () => {
    const { call } = await connected();
    const first = await jsonOf<Listed>(await call('/contacts?limit=4'));
    await call('/contacts/con_sample6', { method: 'PATCH', body: { company: 'Moved' } });
    await call('/contacts/con_sample1', { method: 'PATCH', body: { company: 'Moved' } });
    const rest = await jsonOf<Listed>(await call(`/contacts?cursor=${first.nextCursor}`));
    expect(rest.data.map(({ id }) => id)).toEqual([
      'con_sample5',
      'con_sample7',
      'con_sample8',
      'con_sample6',
      'con_sample1',
    ]);
    expect(rest.nextCursor).toBeNull();
  });

  test('from a moment on has what changed at it and since', async () => {
    const { call } = await connected();
    const { data } = await jsonOf<Listed>(await call('/contacts'));
    const since = data[5]?.updatedAt ?? '';
    const later = await jsonOf<Listed>(await call(`/contacts?updated_since=${since}`));
    expect(later.data.map(({ id }) => id)).toEqual(['con_sample6', 'con_sample7', 'con_sample8']);
    const made = await jsonOf<{ id: string; updatedAt: string }>(
      await call('/contacts', { body: { name: 'x', email: 'x@example.com' } }),
    );
    const newest = await jsonOf<Listed>(await call(`/contacts?updated_since=${made.updatedAt}`));
    expect(newest.data.map(({ id }) => id)).toEqual([made.id]);
  });

  test('refuses cursors and limits that are none', async () => {
    const { call } = await connected();
    for (const query of ['cursor=x', 'limit=0', 'limit=101', 'limit=many', 'updated_since=yesterday', 'x=1'])
      expect([query, (await call(`/contacts?${query}`)).status]).toEqual([query, 422]);
  });
});

describe('an Idempotency-Key', () => {
  const headers = { 'idempotency-key': 'a-key' };
  const body = { name: 'Once', email: 'once@example.com' };

  test('does a thing once, gives the same reply again, and is counted on the page', async () => {
    const { acme, call } = await connected();
    const first = await call('/contacts', { body, headers });
    expect(first.status).toBe(201);
    expect(first.headers.get('idempotent-replayed')).toBeNull();
    const text = await first.text();
    for (let again = 0; again < 2; again += 1) {
      const reply = await call('/contacts', { body, headers });
      expect(reply.status).toBe(201);
      expect(reply.headers.get('idempotent-replayed')).toBe('true');
      expect(await reply.text()).toBe(text);
    }
    expect((await jsonOf<Listed>(await call('/contacts'))).data).toHaveLength(9);
    expect(await (await fetch(`${acme.url}/trouble`)).text()).toContain(
      '<span data-repeats="a-key">2</span>',
    );
  });

  test('does a thing once when two come at the same moment', async () => {
    const { call } = await connected();
    const replies = await Promise.all([1, 2, 3].map(() => call('/contacts', { body, headers })));
    const ids = await Promise.all(replies.map(async (reply) => (await jsonOf(reply))['id']));
    expect(new Set(ids).size).toBe(1);
    expect((await jsonOf<Listed>(await call('/contacts'))).data).toHaveLength(9);
  });

  test('is refused for another request', async () => {
    const { call } = await connected();
    await call('/contacts', { body, headers });
    const other = await call('/contacts', { body: { ...body, name: 'Other' }, headers });
    expect(other.status).toBe(422);
    expect(await jsonOf(other)).toMatchObject({
      error: { code: 'idempotency_mismatch', fields: [{ field: 'Idempotency-Key' }] },
    });
    const deal = { contactId: 'con_sample1', title: 'x', amount: 1, stage: 'lead' };
    expect((await call('/deals', { body: deal, headers })).status).toBe(422);
  });

  test('of a refused request may be used again, and everybody has keys of their own', async () => {
    const { acme, call } = await connected();
    expect((await call('/contacts', { body: { name: 'Once' }, headers })).status).toBe(422);
    expect((await call('/contacts', { body, headers })).status).toBe(201);
    // The same person, with the tokens of another connection.
    const { access_token: again } = await connect(acme);
    const repeated = await callAcme(acme, again, '/contacts', { body, headers });
    expect(repeated.headers.get('idempotent-replayed')).toBe('true');
    const { access_token: ben } = await connect(acme, { person: 'ben' });
    expect((await callAcme(acme, ben, '/contacts', { body, headers })).status).toBe(403);
  });
});

describe('the rate limit', () => {
  test('counts by token and says how many are left and when to come again', async () => {
    const acme = await startAcme({ rateLimit: { requests: 3, seconds: 3_600 } });
    const [one, other] = [await connect(acme), await connect(acme)];
    const left: (string | null)[] = [];
    for (let request = 0; request < 3; request += 1) {
      const reply = await callAcme(acme, one.access_token, '/me');
      expect(reply.status).toBe(200);
      expect(reply.headers.get('x-ratelimit-limit')).toBe('3');
      left.push(reply.headers.get('x-ratelimit-remaining'));
    }
    expect(left).toEqual(['2', '1', '0']);
    const refused = await callAcme(acme, one.access_token, '/me');
    expect(refused.status).toBe(429);
    const seconds = Number(refused.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(3_000);
    expect(seconds).toBeLessThanOrEqual(3_600);
    expect(refused.headers.get('x-ratelimit-remaining')).toBe('0');
    const reset = Number(refused.headers.get('x-ratelimit-reset')) - Date.now() / 1_000;
    expect(reset).toBeGreaterThan(3_000);
    expect(reset).toBeLessThanOrEqual(3_601);
    expect(await jsonOf(refused)).toMatchObject({ error: { code: 'rate_limited' } });
    expect((await callAcme(acme, other.access_token, '/me')).status).toBe(200);
  });

  test('is over with its window', async () => {
    const acme = await startAcme({ rateLimit: { requests: 1, seconds: 1 } });
    const { access_token: token } = await connect(acme);
    const statuses: number[] = [];
    while (!(statuses.includes(429) && statuses.at(-1) === 200))
      statuses.push((await callAcme(acme, token, '/me')).status);
    expect(statuses[0]).toBe(200);
  });
});

describe('trouble', () => {
  const deal = { contactId: 'con_sample1', title: 'x', amount: 1, stage: 'lead' };

  test('"503" is of deals only, and is over when all is well', async () => {
    const { acme, call } = await connected();
    await postForm(acme, '/trouble', { trouble: 'deals_503' });
    expect((await call('/deals', { body: deal })).status).toBe(503);
    expect((await call('/deals/deal_sample1')).status).toBe(503);
    expect((await call('/contacts')).status).toBe(200);
    expect(await (await fetch(`${acme.url}/contacts`)).text()).toContain('the deals API answers 503');
    await postForm(acme, '/trouble', { trouble: 'well' });
    expect((await call('/deals', { body: deal })).status).toBe(201);
  });

  test('"422" refuses changes of deals and names a field; reading works', async () => {
    const { acme, call } = await connected();
    await postForm(acme, '/trouble', { trouble: 'deals_422' });
    const refused = await call('/deals', { body: deal, headers: { 'idempotency-key': 'k' } });
    expect(refused.status).toBe(422);
    expect(await jsonOf(refused)).toMatchObject({
      error: { code: 'rejected', fields: [{ field: 'title' }] },
    });
    expect((await call('/deals/deal_sample1', { method: 'PATCH', body: { amount: 2 } })).status).toBe(422);
    expect((await call('/deals')).status).toBe(200);
    await postForm(acme, '/trouble', { trouble: 'well' });
    // What was refused was not done, so its key is free.
    expect((await call('/deals', { body: deal, headers: { 'idempotency-key': 'k' } })).status).toBe(201);
  });

  test('"slow answers" keeps callers waiting, and then does what it should', async () => {
    const { acme, call } = await connected({ slowMs: 400 });
    await postForm(acme, '/trouble', { trouble: 'slow' });
    const startedAt = performance.now();
    expect((await call('/deals', { body: deal })).status).toBe(201);
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(399);
  });
});
