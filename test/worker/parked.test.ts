import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { cancelRun } from '#server/runs/cancel-run.ts';
import { retryStepsNow } from '#server/recovery/order-step.ts';
import { releaseHeld, RELEASED_AT_A_TIME } from '#server/sql/release-held.ts';
import { CONNECTORS_OF_TESTS } from '#test/support/oauth/connectors-argument.ts';
import { startOAuthProvider, type Account, type OAuthProvider } from '#test/support/oauth/provider.ts';
import { putFields, storeConnection, type StoredConnection } from '#test/support/oauth/store-connection.ts';
import { waitFor } from '#test/support/wait-for.ts';
import {
  operatorOf,
  post,
  readAttempts,
  readRun,
  readSteps,
  START,
  useWorkers,
  whenRun,
  type TestFlow,
  type WorkerProcess,
} from './worker-fixture.ts';

const fixture = useWorkers();
let provider: OAuthProvider;
let workers: WorkerProcess[] = [];
let account: Account;
let slug = '';
let id = '';
let count = 0;

const startWorker = (env: Record<string, string> = {}) =>
  fixture.startWorker({ PATCHBAY_CONCURRENCY: '16', ...env }, CONNECTORS_OF_TESTS);

beforeAll(async () => {
  provider = await startOAuthProvider();
  workers = await Promise.all([startWorker(), startWorker()]);
});
afterAll(() => provider.stop());
beforeEach(async () => {
  account = await provider.connect();
  provider.intercept = () => undefined;
  provider.isPolite = false;
  count += 1;
  slug = `shop-${count}`;
});

async function store(connection: Partial<StoredConnection> = {}): Promise<void> {
  id = await storeConnection(fixture, provider, { slug, account, ...connection });
}

const numbers = (length: number) => Array.from({ length }, (_, n) => ({ n }));

/** A call of the app's API over the connection. */
const call = (node: string, rest: Parameters<typeof post>[2] = {}) =>
  post(node, `${provider.url}/api/${slug}/${node}`, { connection: slug, retry: { attempts: 1 }, ...rest });

const oneCall = (rest: Parameters<typeof post>[2] = {}): TestFlow => ({
  nodes: [START, call('post', rest)],
  edges: 'start>post',
});

async function start(flow: TestFlow, inputs: readonly { n: number }[] = numbers(1)): Promise<string[]> {
  return fixture.start(await fixture.publish(flow), inputs);
}

const whenWaiting = (runs: readonly string[]) =>
  Promise.all(runs.map((run) => whenRun(fixture, run, { status: ['waiting'], timeoutMs: 30_000 })));
const whenSucceeded = async (runs: readonly string[]) => {
  const ended = await Promise.all(runs.map((run) => whenRun(fixture, run, { timeoutMs: 30_000 })));
  expect(new Set(ended.map(({ status }) => status))).toEqual(new Set(['succeeded']));
};

const calls = (node = 'post') => provider.calls.filter(({ path }) => path === `/api/${slug}/${node}`);
const accepted = (node = 'post') => calls(node).filter(({ isAccepted }) => isAccepted);
const asks = () => provider.asks.filter(({ shown }) => shown === account.refreshToken);
const change = (columns: string) => fixture.db.query(`update connection set ${columns} where id = $1`, [id]);
const status = async () =>
  (await fixture.db.query<{ status: string }>('select status::text from connection where id = $1', [id]))
    .rows[0]?.status;

/** What a person's consent ends with. */
async function reconnect(): Promise<void> {
  const { url: issuer, clientId, clientSecret } = provider;
  await putFields(fixture, id, {
    issuer,
    api: issuer,
    clientId,
    clientSecret,
    ...(await provider.connect()),
  });
  await change(`status = 'ok', fault = null, token_version = token_version + 1, expires_at = null, refreshed_at = now(),
    refresh_due_at = null, refresh_by = null, refresh_until = null, refresh_fails = 0`);
}

describe('runs whose token has ended', () => {
  test('go on with another one, which is asked for once over all workers', async () => {
    await store({ endsInSeconds: -1 });
    await whenSucceeded(await start(oneCall(), numbers(40)));
    expect(asks()).toMatchObject([{ refusal: null }]);
    expect(calls()).toHaveLength(40);
    expect(accepted()).toHaveLength(40);
  }, 60_000);

  test.each([false, true])(
    'without anybody knowing (refused politely: %s) make the refused call once more, in the same attempt',
    async (isPolite) => {
      await store({ endsInSeconds: 3_600 });
      await provider.expire(account.accessToken);
      provider.isPolite = isPolite;
      const runs = await start(oneCall({ effect: 'once' }), numbers(20));
      await whenSucceeded(runs);
      expect(asks()).toMatchObject([{ refusal: null }]);
      expect(accepted()).toHaveLength(20);
      expect(
        accepted()
          .map(({ body }) => (body as { n: number }).n)
          .sort((a, b) => a - b),
      ).toEqual(numbers(20).map(({ n }) => n));
      for (const run of runs)
        expect(await readAttempts(fixture, run)).toMatchObject([{ number: 1, error: null }]);
    },
    60_000,
  );
});
