/**
 * npm run flood: large bodies and slow sockets, all at once, at a hook of the real product (web process, worker, embedded
 * Postgres), beside a clean client that sends five small events a second to another. One JSON line: replies by status,
 * what the clean client saw, and the memory of web process and worker. Exit 1 when one of them passed 512 MiB, the clean
 * client got anything but 202, or an accepted event did not run. Linux only; loopback only.
 *
 * --senders N (1000)   bodies of 1 MB at the same time
 * --sends N (3)        how often each is sent
 * --slow N (2000)      slow sockets
 * --seconds N (40)     for how long
 */
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { createPool } from '#server/db/pool.ts';
import { callApi } from '#test/chaos/call-api.ts';
import { startProduct, type Product } from '#test/support/product.ts';
import { startSink } from '#test/support/sink.ts';

import { proveFlood } from './prove-flood.ts';

const { values } = parseArgs({
  options: {
    senders: { type: 'string', default: '1000' },
    sends: { type: 'string', default: '3' },
    slow: { type: 'string', default: '2000' },
    seconds: { type: 'string', default: '40' },
  },
});

const BODY_BYTES = 1_000_000;
const SETTLE_MS = 90_000;

await main();

async function main(): Promise<void> {
  if (!existsSync('/proc/self/status')) throw new Error('Memory is read from /proc: run it on Linux.');
  const product = await startProduct({ durable: true });
  const sink = await startSink();
  const db = createPool(product.databaseUrl, { max: 1 });
  try {
    const [workerPid] = await product.workerPids();
    const report = await proveFlood({
      db,
      webPid: await product.webPid(),
      workerPid: workerPid!,
      cleanUrl: await publish(product, 'clean', `${sink.url}/clean`),
      attack: {
        url: await publish(product, 'flooded', `${sink.url}/flooded`),
        senders: Number(values.senders),
        bodyBytes: BODY_BYTES,
        sends: Number(values.sends),
        slowSockets: Number(values.slow),
        seconds: Number(values.seconds),
      },
      settleMs: SETTLE_MS,
    });
    process.stdout.write(`${JSON.stringify(report)}\n`);
    process.exitCode = report.faults.length === 0 ? 0 : 1;
  } finally {
    await db.end();
    await product.stop();
    await sink.stop();
  }
}

/** A flow that posts the id of each event. Resolves to its hook's address. */
async function publish(product: Product, slug: string, farEnd: string): Promise<string> {
  await callApi(product, `PUT /flows/${slug}`, {
    format: 1,
    name: slug,
    slug,
    nodes: [
      { id: 'hook', type: 'core.webhook', version: 1, config: { verify: { scheme: 'none' } } },
      {
        id: 'post',
        type: 'http.request',
        version: 1,
        config: { method: 'POST', url: farEnd, body: { id: { $expr: 'trigger.body.id' } } },
      },
    ],
    edges: [{ from: 'hook', to: 'post' }],
  });
  const { hookUrl } = (await callApi(product, `POST /flows/${slug}/publish`, {})) as { hookUrl: string };
  return hookUrl;
}
