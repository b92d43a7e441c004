/**
 * npm run bench: a webhook, a mapping of four fields and an HTTP call, end to end on this machine, with the load
 * generator and the far end beside the product. One JSON line a scenario.
 *
 * --seconds N (default 20)   length of each scenario
 * --connections N (32)       connections of the closed loop
 * --rate N (200)             events a second of the open loop
 *
 * npm run bench -- canvas: the flow editor with many nodes in Chromium (PATCHBAY_CHROMIUM names it) instead.
 *
 * --nodes N (300)
 *
 * npm run bench -- pages: the first visit of pages in Chromium: compressed JavaScript, and the time until they can be used.
 */
import { parseArgs } from 'node:util';

import { startProduct, type Product } from '#test/support/product.ts';

import { measureCanvas } from './canvas/measure-canvas.ts';
import { startFarEnd } from './far-end.ts';
import { closedLoop, openLoop, type Sent } from './load.ts';
import { measurePages } from './pages/measure-pages.ts';
import { makeReport, type Report } from './report.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    nodes: { type: 'string', default: '300' },
    seconds: { type: 'string', default: '20' },
    connections: { type: 'string', default: '32' },
    rate: { type: 'string', default: '200' },
  },
});

let published = 0;

if (positionals[0] === 'canvas') await measureCanvas(Number(values.nodes));
else if (positionals[0] === 'pages') await measurePages();
else await main();

async function main(): Promise<void> {
  const seconds = Number(values.seconds);
  const connections = Number(values.connections);
  const rate = Number(values.rate);
  const product = await startProduct({ durable: true });
  try {
    await measure(product, 'warm-up', (url) => closedLoop({ url, connections }, 3));
    const closed = await measure(product, `closed loop, ${connections} connections`, (url) =>
      closedLoop({ url, connections }, seconds),
    );
    const open = await measure(product, `open loop, ${rate}/s`, (url) =>
      openLoop({ url, connections: 128 }, seconds, rate),
    );
    const harmed = [closed, open].filter((report) => report.lost + report.duplicated > 0);
    process.exitCode = harmed.length > 0 ? 1 : 0;
  } finally {
    await product.stop();
  }
}

async function measure(
  product: Product,
  scenario: string,
  load: (url: string) => Promise<Sent>,
): Promise<Report> {
  const farEnd = await startFarEnd();
  const hookUrl = await publishFlow(product, farEnd.url);
  const sent = await load(hookUrl);
  await farEnd.waitFor(sent.sentAt.size, 60_000);
  const report = makeReport(scenario, sent, farEnd);
  await farEnd.stop();
  process.stdout.write(`${JSON.stringify(report)}\n`);
  return report;
}

async function publishFlow(product: Product, farEndUrl: string): Promise<string> {
  published += 1;
  const slug = `bench-${published}`;
  await call(product, 'PUT', `/flows/${slug}`, {
    format: 1,
    name: `Bench ${published}`,
    slug,
    nodes: [
      { id: 'hook', type: 'core.webhook', version: 1, config: { verify: { scheme: 'none' } } },
      {
        id: 'map',
        type: 'core.map',
        version: 1,
        config: {
          output: {
            id: { $expr: 'trigger.body.id' },
            title: { $tpl: 'Order {{ trigger.body.number }}' },
            customer: { $expr: 'trigger.body.customer.email' },
            total: { $expr: 'trigger.body.total' },
          },
        },
      },
      {
        id: 'post',
        type: 'http.request',
        version: 1,
        config: { method: 'POST', url: farEndUrl, body: { $expr: 'steps.map' } },
      },
    ],
    edges: [
      { from: 'hook', to: 'map' },
      { from: 'map', to: 'post' },
    ],
  });
  const { hookUrl } = await call(product, 'POST', `/flows/${slug}/publish`, {});
  if (typeof hookUrl !== 'string') throw new Error('Publishing gave no hook URL.');
  return hookUrl;
}

async function call(
  product: Product,
  method: string,
  path: string,
  body: unknown,
): Promise<Record<string, unknown>> {
  const reply = await fetch(`${product.url}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${product.apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await reply.text();
  if (!reply.ok) throw new Error(`${method} ${path} answered ${reply.status}: ${text}`);
  return JSON.parse(text) as Record<string, unknown>;
}
