import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, onTestFinished, test } from 'vitest';

import { newState } from '#sandbox/state/new-state.ts';
import { prune } from '#sandbox/state/prune.ts';
import type { OAuthRecord, State } from '#sandbox/state/state.ts';
import { openStore } from '#sandbox/state/store.ts';
import { askForToken, callAcme, connect, postForm, refresh, type Tokens } from '#test/support/acme.ts';
import { startSink } from '#test/support/sink.ts';
import { useAcme } from '#test/support/use-acme.ts';
import { waitFor } from '#test/support/wait-for.ts';

const startAcme = useAcme();

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'acme-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

describe('a restart', () => {
  test('keeps connections, data, keys and trouble', async () => {
    const dataFile = join(await newFolder(), 'deep', 'acme.json');
    const first = await startAcme({ dataFile, clientSecret: 'a secret that stays' });
    const tokens = await connect(first);
    const headers = { 'idempotency-key': 'k' };
    const body = { name: 'Kept', email: 'kept@example.com' };
    const made = await callAcme(first, tokens.access_token, '/contacts', { body, headers });
    const text = await made.text();
    const hook = { url: 'http://127.0.0.1:3000/hooks/x', events: ['deal.created'] };
    await callAcme(first, tokens.access_token, '/webhooks', { body: hook });
    await postForm(first, '/trouble', { trouble: 'deals_503' });
    const jwks = await (await fetch(`${first.url}/oauth/jwks`)).text();
    await first.stop();

    const second = await startAcme({ dataFile, clientSecret: 'a secret that stays' });
    expect((await callAcme(second, tokens.access_token, '/me')).status).toBe(200);
    const again = await callAcme(second, tokens.access_token, '/contacts', { body, headers });
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(await again.text()).toBe(text);
    expect(await (await callAcme(second, tokens.access_token, '/webhooks')).json()).toMatchObject({
      data: [{ url: hook.url }],
    });
    expect((await callAcme(second, tokens.access_token, '/deals')).status).toBe(503);
    expect(await (await fetch(`${second.url}/oauth/jwks`)).text()).toBe(jwks);
    expect(second.machineClient.secret).toBe(first.machineClient.secret);
    expect((await refresh(second, tokens)).status).toBe(200);
  });

  test('still knows which refresh tokens were used', async () => {
    const dataFile = join(await newFolder(), 'acme.json');
    const first = await startAcme({ dataFile, clientSecret: 'x' });
    const tokens = await connect(first);
    const next = (await (await refresh(first, tokens)).json()) as Tokens;
    await first.stop();
    const second = await startAcme({ dataFile, clientSecret: 'x' });
    expect((await refresh(second, tokens)).status).toBe(400);
    expect((await refresh(second, next)).status).toBe(400);
  });

  test('sends what was on its way', async () => {
    const dataFile = join(await newFolder(), 'acme.json');
    const sink = await startSink();
    onTestFinished(() => sink.stop());
    sink.reply('/hooks/x', { status: 500 });
    const first = await startAcme({ dataFile, patchbayUrl: sink.url, retryPausesMs: [3_600_000] });
    const { access_token: token } = await connect(first);
    const hook = { url: `${sink.url}/hooks/x`, events: ['contact.created'] };
    await callAcme(first, token, '/webhooks', { body: hook });
    sink.reply('/hooks/x', { until: new Promise(() => undefined) });
    await postForm(first, '/contacts', { name: 'x', email: 'x@example.com' });
    await sink.waitFor('/hooks/x', 1);
    await first.stop();
    sink.reply('/hooks/x', { status: 202 });
    await startAcme({ dataFile, patchbayUrl: sink.url });
    const [one, two] = await sink.waitFor('/hooks/x', 2);
    expect(two?.body.toString()).toBe(one?.body.toString());
  });
});

describe('the state file', () => {
  test('has everything before a caller hears of it, so that a kill loses nothing', async () => {
    const dataFile = join(await newFolder(), 'acme.json');
    const acme = await startAcme({ dataFile });
    const tokens = await connect(acme);
    const next = (await (await refresh(acme, tokens)).json()) as Tokens;
    expect(await readFile(dataFile, 'utf8')).toContain(next.refresh_token);
    const body = { name: 'Written', email: 'written@example.com' };
    await callAcme(acme, next.access_token, '/contacts', { body });
    expect(await readFile(dataFile, 'utf8')).toContain('written@example.com');
    await postForm(acme, '/contacts', { name: 'Typed', email: 'typed@example.com' });
    expect(await readFile(dataFile, 'utf8')).toContain('typed@example.com');
  });

  test('is only its owner’s to read, and nothing is left beside it', async () => {
    const folder = await newFolder();
    const acme = await startAcme({ dataFile: join(folder, 'acme.json') });
    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        postForm(acme, '/contacts', { name: 'x', email: `x${index}@example.com` }),
      ),
    );
    expect((await stat(join(folder, 'acme.json'))).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['acme.json']);
  });

  test('shares one write among all who wait for the next', async () => {
    const file = join(await newFolder(), 'acme.json');
    const store = await openStore(file);
    const saves = [store.save(), store.save(), store.save()];
    expect(new Set(saves).size).toBe(1);
    await Promise.all(saves);
    expect(store.save()).not.toBe(saves[0]);
  });

  test('that is something else is refused with a sentence, and left as it is', async () => {
    const dataFile = join(await newFolder(), 'acme.json');
    for (const text of ['not json', '{}', 'null']) {
      await writeFile(dataFile, text);
      await expect(startAcme({ dataFile })).rejects.toThrow('is not a state of Acme: move it away');
      expect(await readFile(dataFile, 'utf8')).toBe(text);
    }
  });

  test('belongs to one Acme at a time', async () => {
    const dataFile = join(await newFolder(), 'acme.json');
    const first = await startAcme({ dataFile });
    await expect(startAcme({ dataFile })).rejects.toThrow(`is in use by the Acme at ${first.url}`);
    await first.stop();
    await startAcme({ dataFile });
  });
});

describe('what nobody can ask for any more', () => {
  const DAY_MS = 86_400_000;
  const NOW = Date.parse('2030-01-02T00:00:00Z');

  function record(
    model: string,
    id: string,
    options: { expiresInMs?: number; payload?: OAuthRecord['payload'] } = {},
  ): [string, OAuthRecord] {
    const { expiresInMs = DAY_MS, payload = {} } = options;
    const old = (NOW - 10 * DAY_MS) / 1_000;
    return [
      `${model}:${id}`,
      { model, id, payload: { iat: old, ...payload }, expiresAt: (NOW + expiresInMs) / 1_000 },
    ];
  }

  async function pruned(change: (state: State) => void): Promise<State> {
    const state = await newState();
    change(state);
    prune(state, NOW);
    return state;
  }

  test('tokens that expired, refresh tokens used a day ago, grants that nothing carries', async () => {
    const usedAt = (ms: number) => ({ grantId: 'live', consumed: (NOW - ms) / 1_000 });
    const state = await pruned(({ oauth, lastUsed }) => {
      for (const [key, value] of [
        record('AccessToken', 'expired', { expiresInMs: 0, payload: { grantId: 'live' } }),
        record('AccessToken', 'good', { payload: { grantId: 'live' } }),
        record('RefreshToken', 'used long ago', { payload: usedAt(DAY_MS) }),
        record('RefreshToken', 'used just now', { payload: usedAt(1_000) }),
        record('Grant', 'live'),
        record('Grant', 'spent'),
        record('Grant', 'new', { payload: { iat: NOW / 1_000 } }),
      ])
        oauth.set(key, value);
      for (const id of ['live', 'spent', 'client:patchbay-machine']) lastUsed.set(id, 'then');
    });
    expect([...state.oauth.values()].map(({ id }) => id)).toEqual(['good', 'used just now', 'live', 'new']);
    expect([...state.lastUsed.keys()]).toEqual(['live', 'client:patchbay-machine']);
  });

  test('idempotency keys after a day, deliveries beyond 200 unless they are on their way', async () => {
    const at = (ms: number): string => new Date(NOW - ms).toISOString();
    const reply = {
      owner: 'o',
      method: 'POST',
      path: '/',
      fingerprint: '',
      status: 201,
      body: '',
      repeats: 0,
    };
    const delivery = { eventId: 'e', webhookId: 'w', url: '', body: '', attempts: [], nextAt: null };
    const state = await pruned(({ replies, deliveries }) => {
      replies.set('old', { ...reply, key: 'old', at: at(DAY_MS) });
      replies.set('new', { ...reply, key: 'new', at: at(DAY_MS - 1) });
      for (let index = 0; index < 300; index += 1)
        deliveries.set(`d${index}`, {
          ...delivery,
          id: `d${index}`,
          type: 'deal.created',
          createdAt: at(0),
          status: index === 7 ? 'pending' : 'delivered',
        });
    });
    expect([...state.replies.keys()]).toEqual(['new']);
    expect(state.deliveries.size).toBe(201);
    expect(state.deliveries.has('d7')).toBe(true);
    expect(state.deliveries.has('d299')).toBe(true);
    expect(state.deliveries.has('d99')).toBe(false);
  });

  test('is gone from the file of an Acme that runs: tokens of a machine, one after the other', async () => {
    const dataFile = join(await newFolder(), 'acme.json');
    const acme = await startAcme({ dataFile, tokenSeconds: 1 });
    const ask = async (): Promise<string> => {
      const params = { grant_type: 'client_credentials', scope: 'contacts:read' };
      return ((await (await askForToken(acme, params, acme.machineClient)).json()) as Tokens).access_token;
    };
    const first = await ask();
    await waitFor('the first token to be forgotten', async () => {
      await ask();
      return !(await readFile(dataFile, 'utf8')).includes(first);
    });
  });
});
