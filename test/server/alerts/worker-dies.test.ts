import { afterAll, beforeAll, expect, test } from 'vitest';
import { Webhook } from 'standardwebhooks';

import type { Alert, CreatedAlertChannel } from '#core/api/alerts.ts';
import { startProduct, type Product } from '#test/support/product.ts';
import { manualFlow } from '#test/support/sample-flows.ts';
import { startSink, type Sink, type SinkRequest } from '#test/support/sink.ts';
import { waitFor } from '#test/support/wait-for.ts';

const LONG = 240_000;
/** The rule opens after 5 s without a worker; every look may come 10 s later, every notice 2 s. */
const TOLD_MS = 60_000;
let product: Product;
let sink: Sink;

beforeAll(async () => {
  sink = await startSink();
  product = await startProduct();
}, LONG);
afterAll(async () => {
  await product?.stop();
  await sink?.stop();
}, LONG);

async function call<Body>(line: string, body?: object): Promise<Body> {
  const [method, path] = line.split(' ');
  const reply = await fetch(`${product.url}/api/v1${path}`, {
    method: method!,
    headers: { authorization: `Bearer ${product.apiKey}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  expect(reply.status, line).toBeLessThan(300);
  return (await reply.json()) as Body;
}

test(
  'a product whose worker is killed tells it by a signed webhook, out of the web process, and that one runs again',
  async () => {
    const channel = await call<CreatedAlertChannel>('POST /alert-channels', {
      ...{ kind: 'webhook', name: 'On call', url: `${sink.url}/alarm` },
    });
    await call('POST /alert-rules', {
      ...{ kind: 'worker_gone', threshold: 5, settleSeconds: 0, groupSeconds: 0, channels: [channel.id] },
    });
    const genuine = ({ body, headers }: SinkRequest) =>
      new Webhook(channel.signingSecret!).verify(body.toString(), headers as Record<string, string>);
    await call('PUT /flows/work', manualFlow('work'));
    await call('POST /flows/work/publish');
    expect(sink.at('/alarm')).toEqual([]);

    let waiting = '';
    // Asleep, the supervisor starts no other worker.
    process.kill(product.pid, 'SIGSTOP');
    try {
      const killed = await product.killWorker('SIGKILL');
      await waitFor('the worker to be gone', async () => !(await product.workerPids()).includes(killed));
      // Nobody is disturbed as long as nothing waits.
      const run = await call<{ id: string }>('POST /flows/work/runs', { input: {} });
      waiting = run.id;
      const [alarm] = await sink.waitFor('/alarm', 1, TOLD_MS);
      expect(genuine(alarm!)).toMatchObject({
        type: 'alert.opened',
        data: { alerts: [{ kind: 'worker_gone' }] },
      });
      expect(await product.workerPids()).toEqual([]);
      const open = await call<{ data: Alert[] }>('GET /alerts?state=open');
      expect(open.data).toMatchObject([{ kind: 'worker_gone', state: 'open' }]);
    } finally {
      process.kill(product.pid, 'SIGCONT');
    }
    await waitFor('another worker', async () => (await product.workerPids()).length === 1, TOLD_MS);
    const [, over] = await sink.waitFor('/alarm', 2, TOLD_MS);
    expect(genuine(over!)).toMatchObject({ type: 'alert.resolved' });
    expect(await call(`GET /runs/${waiting}`)).toMatchObject({ status: 'succeeded' });
    const none = await call<{ data: Alert[] }>('GET /alerts?state=open');
    expect(none.data).toEqual([]);
  },
  LONG,
);
