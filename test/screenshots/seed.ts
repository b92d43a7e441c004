import type { Product } from '#test/support/product.ts';
import type { Sink } from '#test/support/sink.ts';
import { waitFor } from '#test/support/wait-for.ts';

/** What the pages show. */
export interface Seeded {
  readonly flow: string;
  readonly faultyFlow: string;
  readonly largeFlow: string;
  readonly succeededRun: string;
  readonly failedRun: string;
  readonly waitingRun: string;
  /** A replay from a step. */
  readonly replayRun: string;
  /** A redrive that waits after its sample. */
  readonly bulkAction: string;
  readonly askingFlow: string;
  readonly askingRun: string;
}

type Call = (method: string, path: string, body?: unknown) => Promise<Record<string, unknown>>;

/** Makes connections, flows and real runs: some that succeed, some that fail, one that waits for its next attempt. */
export async function seedWorkspace(product: Product, farEnd: Sink): Promise<Seeded> {
  const call = caller(product);
  farEnd.reply('/tickets', (request) => {
    const { title } = request.json() as { title: string };
    return title.includes('4713')
      ? { status: 404, body: { message: 'No such project' } }
      : { status: 201, body: { id: 88 } };
  });
  farEnd.reply('/orders', { body: { id: 88, stored: true } });
  farEnd.reply('/slow', {
    status: 503,
    headers: { 'retry-after': '600' },
    body: { message: 'Down for maintenance' },
  });
  let invoices = 0;
  farEnd.reply('/invoices', () => {
    invoices += 1;
    return invoices > 24 && invoices % 3 !== 0
      ? { status: 201, body: { stored: true } }
      : { status: 503, body: { message: 'The ERP is down for maintenance' } };
  });
  await seedConnections(call);
  await seedAlerts(call, farEnd.url);

  const hookUrl = await publish(call, orderFlow(farEnd.url));
  for (const number of [4711, 4712, 4713]) await post(hookUrl, order(number));
  await seedSecondVersion(call, farEnd.url);
  // These have a business key.
  for (const number of [4714, 4715, 4716]) await post(hookUrl, order(number));
  const waitingHook = await publish(call, relayFlow(farEnd.url.replace('127.0.0.1', 'localhost')));
  await post(waitingHook, order(4720));
  const askingHook = await publish(call, bulkOrderFlow(farEnd.url));
  await post(askingHook, bulkOrder());
  const invoiceHook = await publish(call, invoiceFlow(farEnd.url));
  for (let number = 0; number < 24; number += 1) await post(invoiceHook, order(4_800 + number));
  await publishQuietly(call, nightlyFlow(farEnd.url));
  await call('PUT', '/flows/customer-sync', faultyFlow());
  await call('PUT', '/flows/nightly-export', largeFlow(farEnd.url));

  const runs = await waitFor('the runs to end', async () => {
    const { data } = (await call('GET', '/runs?limit=200')) as {
      data: { id: string; status: string; flow: string }[];
    };
    const open = data.filter(({ status }) => status === 'queued' || status === 'running');
    return data.length >= 32 && open.length === 0 ? data : undefined;
  });
  const idOf = (status: string, flow?: string): string => {
    const found = runs.find((run) => run.status === status && (!flow || run.flow === flow));
    if (!found) throw new Error(`No run is ${status}.`);
    return found.id;
  };
  const failedRun = idOf('failed', 'order-fan-out');
  const replay = await call('POST', `/runs/${failedRun}/replay`, { from: 'ticket' });
  const bulk = await call('POST', '/bulk-actions', {
    kind: 'redrive',
    filter: { flow: 'invoices' },
    sampleSize: 6,
  });
  await waitFor('the sample', async () => {
    const { isSample, results } = (await call('GET', `/bulk-actions/${String(bulk.id)}`)) as {
      isSample: boolean;
      results: { succeeded: number; failed: number };
    };
    return isSample && results.succeeded + results.failed === 6;
  });
  return {
    flow: 'order-fan-out',
    faultyFlow: 'customer-sync',
    largeFlow: 'nightly-export',
    succeededRun: idOf('succeeded'),
    failedRun,
    replayRun: String(replay.id),
    bulkAction: String(bulk.id),
    waitingRun: idOf('waiting', 'warehouse-relay'),
    askingFlow: 'bulk-order',
    askingRun: idOf('waiting', 'bulk-order'),
  };
}

/** Two channels, and rules of most kinds. */
async function seedAlerts(call: Call, farEnd: string): Promise<void> {
  const { id: people } = await call('POST', '/alert-channels', {
    ...{ kind: 'email', name: 'Operations', recipients: ['ada@example.com', 'grace@example.com'] },
    quietHours: { timezone: 'Europe/Berlin', from: '22:00', to: '07:00' },
  });
  const { id: pager } = await call('POST', '/alert-channels', {
    ...{ kind: 'webhook', name: 'Pager', url: `${farEnd}/alarm` },
  });
  await call('POST', '/alert-rules', { kind: 'worker_gone', isUrgent: true, channels: [people, pager] });
  await call('POST', '/alert-rules', { kind: 'ledger', isUrgent: true, channels: [people] });
  await call('POST', '/alert-rules', { kind: 'error_rate', threshold: 10, channels: [people] });
  for (const kind of ['dead_letters', 'missed_schedule', 'connection'])
    await call('POST', '/alert-rules', { kind, channels: [people] });
}

/** A second version, a draft beyond it with a note, and a test, for the pages about them. */
async function seedSecondVersion(call: Call, farEnd: string): Promise<void> {
  const first = orderFlow(farEnd);
  await call('PUT', '/flows/order-fan-out', {
    ...first,
    settings: { businessKey: { name: 'order', value: { $expr: 'trigger.body.number' } } },
    nodes: first.nodes.map((each) =>
      each.id === 'large' ? { ...each, config: { condition: { $expr: 'steps.map.total >= 100' } } } : each,
    ),
  });
  await call('POST', '/flows/order-fan-out/publish', { note: 'Orders of exactly 100 get a ticket, too.' });
  await call('PUT', '/flows/order-fan-out', {
    ...first,
    settings: { businessKey: { name: 'order', value: { $expr: 'trigger.body.number' } } },
    nodes: first.nodes.map((each) =>
      each.id === 'ticket' ? { ...each, label: 'Open a ticket', timeoutSeconds: 20 } : each,
    ),
    notes: [
      {
        id: 'why',
        position: { x: 880, y: -150 },
        text: '## Large orders\nTickets go to the **help desk**:\n- over `100`\n- ask Grace before this changes',
        size: { width: 240, height: 128 },
        color: 'blue',
      },
      { id: 'sorting', text: 'Sort by size', position: { x: 0, y: 0 }, nodes: ['map', 'large'] },
    ],
  });
  await call('POST', '/flows/order-fan-out/tests', {
    name: 'A large order gets a ticket',
    input: { body: order(1) },
    pins: { ticket: { output: { status: 201, headers: {}, body: { id: 88 } } } },
    expectations: [{ nodeId: 'map', path: '/output/title', op: 'equals', value: 'Order A-1' }],
  });
}

async function seedConnections(call: Call): Promise<void> {
  await call('POST', '/connections', {
    slug: 'shop-signing',
    name: 'Shop signing secret',
    connector: 'signing_secret',
    fields: { secret: 'a secret of the sample shop' },
  });
  await call('POST', '/connections', {
    slug: 'help-desk',
    name: 'Help desk',
    connector: 'bearer_token',
    fields: { token: 'sample-help-desk-token' },
  });
}

function orderFlow(farEnd: string): Flow {
  return {
    ...BASE,
    name: 'Order fan-out',
    slug: 'order-fan-out',
    description: 'Large orders become a ticket, all others are stored.',
    nodes: [
      node('hook', 'core.webhook', 'New order', [0, 120], {
        verify: { scheme: 'none' },
        dedupe: { $expr: 'trigger.body.id' },
      }),
      node('map', 'core.map', 'Shape the order', [290, 120], {
        output: {
          id: { $expr: 'trigger.body.id' },
          title: { $tpl: 'Order {{ trigger.body.number }}' },
          customer: { $expr: 'trigger.body.customer.email' },
          total: { $expr: 'trigger.body.total' },
        },
      }),
      node('large', 'core.if', 'Over 100?', [580, 120], { condition: { $expr: 'steps.map.total > 100' } }),
      {
        ...node('ticket', 'http.request', 'Create ticket', [890, 20], {
          method: 'POST',
          url: `${farEnd}/tickets`,
          body: { $expr: 'steps.map' },
        }),
        connection: 'help-desk',
      },
      node('store', 'http.request', 'Store order', [890, 220], {
        method: 'PUT',
        url: { $tpl: `${farEnd}/orders?id={{ trigger.body.id }}` },
        body: { $expr: 'steps.map' },
      }),
    ],
    edges: [
      { from: 'hook', to: 'map' },
      { from: 'map', to: 'large' },
      { from: 'large', port: 'true', to: 'ticket' },
      { from: 'large', port: 'false', to: 'store' },
    ],
  };
}

/** A loop, an approval, two calls side by side of which one can be undone, and a reply. */
function bulkOrderFlow(farEnd: string): Flow {
  const send = { method: 'POST', url: `${farEnd}/orders`, body: { $expr: 'steps.total' } };
  return {
    ...BASE,
    name: 'Bulk order',
    slug: 'bulk-order',
    nodes: [
      node('hook', 'core.webhook', 'Bulk order', [0, 120], { verify: { scheme: 'none' } }),
      node('each', 'core.each', 'Each line', [300, 60], {
        items: { $expr: 'trigger.body.items' },
        concurrency: 3,
        onItemError: 'continue',
      }),
      {
        ...node('price', 'core.code', 'Price it', [330, 130], {
          code: "export default ({ sku, quantity }) => {\n  console.log('pricing', sku);\n  return quantity * 40;\n};\n",
          input: { $expr: 'item' },
        }),
        parent: 'each',
      },
      {
        ...node('positive', 'core.filter', 'Worth something', [610, 130], {
          condition: { $expr: 'steps.price > 0' },
        }),
        parent: 'each',
      },
      node('total', 'core.map', 'Add up', [960, 120], {
        output: { sum: { $expr: '$count(steps.each.results)' }, order: { $expr: 'trigger.body.number' } },
      }),
      node('ask', 'core.approval', 'Agreed?', [1_260, 120], {
        question: { $tpl: 'Deliver the bulk order {{ trigger.body.number }}?' },
        approvers: { role: 'operator' },
        timeoutSeconds: 172_800,
      }),
      { ...node('reserve', 'http.request', 'Reserve stock', [1_560, 20], send), compensate: 'release' },
      node('release', 'http.request', 'Release stock', [1_560, 280], send),
      node('charge', 'http.request', 'Charge the card', [1_860, 160], send),
    ],
    edges: [
      { from: 'hook', to: 'each' },
      { from: 'price', to: 'positive' },
      { from: 'each', to: 'total' },
      { from: 'total', to: 'ask' },
      { from: 'ask', port: 'approved', to: 'reserve' },
      { from: 'reserve', to: 'charge' },
    ],
  };
}

function bulkOrder() {
  const items = ['SKU-1', 'SKU-2', 'SKU-3', 'SKU-4'].map((sku, index) => ({ sku, quantity: index }));
  return { number: 'B-17', items };
}

function nightlyFlow(farEnd: string): Flow {
  return {
    ...BASE,
    name: 'Close the books',
    slug: 'close-the-books',
    nodes: [
      node('at', 'core.schedule', 'Every night', [0, 0], { cron: '30 2 * * *', timezone: 'Europe/Berlin' }),
      node('send', 'http.request', 'Close', [300, 0], { method: 'POST', url: `${farEnd}/orders` }),
    ],
    edges: [{ from: 'at', to: 'send' }],
  };
}

function relayFlow(farEnd: string): Flow {
  return {
    ...BASE,
    name: 'Relay to the warehouse',
    slug: 'warehouse-relay',
    nodes: [
      node('hook', 'core.webhook', 'Delivery note', [0, 0], { verify: { scheme: 'none' } }),
      node('send', 'http.request', 'Call the warehouse', [290, 0], {
        method: 'POST',
        url: `${farEnd}/slow`,
        body: { $expr: 'trigger.body' },
      }),
    ],
    edges: [{ from: 'hook', to: 'send' }],
  };
}

/** Its far end is down until each was tried once. */
function invoiceFlow(farEnd: string): Flow {
  return {
    ...BASE,
    name: 'Invoices to the ERP',
    slug: 'invoices',
    nodes: [
      node('hook', 'core.webhook', 'Invoice', [0, 0], { verify: { scheme: 'none' } }),
      {
        ...node('send', 'http.request', 'Book it', [290, 0], {
          method: 'POST',
          url: `${farEnd}/invoices`,
          body: { $expr: 'trigger.body' },
        }),
        retry: { attempts: 1, baseSeconds: 1, maxSeconds: 1 },
      },
    ],
    edges: [{ from: 'hook', to: 'send' }],
  };
}

function faultyFlow(): Flow {
  return {
    ...BASE,
    name: 'Customer sync with a name that is rather longer than anybody would expect a name to be',
    slug: 'customer-sync',
    nodes: [
      node('hook', 'core.webhook', 'Customer changed', [0, 0], { verify: { scheme: 'github' } }),
      node('map', 'core.map', 'A label that is much too long to be shown on a node', [290, 0], {
        output: { mail: { $expr: 'trigger.body.customer.' }, other: { $expr: 'steps.nothing.here' } },
      }),
      node('send', 'http.request', '', [580, 0], { method: 'POST', url: '' }),
      node('alone', 'core.stop', 'Not connected', [290, 160], { status: 'succeeded' }),
    ],
    edges: [
      { from: 'hook', to: 'map' },
      { from: 'map', to: 'send' },
    ],
  };
}

/** Fifty nodes: a trigger and seven lanes of seven. */
function largeFlow(farEnd: string): Flow {
  const lanes = [0, 1, 2, 3, 4, 5, 6];
  const steps = lanes.flatMap((lane) =>
    lanes.map((step) =>
      node(
        `l${lane}s${step}`,
        'http.request',
        `Export part ${lane + 1}.${step + 1}`,
        [320 + step * 300, lane * 120],
        {
          method: 'POST',
          url: `${farEnd}/orders`,
          body: { part: lane * 7 + step },
        },
      ),
    ),
  );
  const edges = lanes.flatMap((lane) =>
    lanes.map((step) => ({ from: step === 0 ? 'start' : `l${lane}s${step - 1}`, to: `l${lane}s${step}` })),
  );
  return {
    ...BASE,
    name: 'Nightly export',
    slug: 'nightly-export',
    nodes: [node('start', 'core.manual', 'Start', [0, 360], {}), ...steps],
    edges,
  };
}

interface Flow {
  readonly name: string;
  readonly slug: string;
  readonly nodes: readonly { readonly id: string; readonly [key: string]: unknown }[];
  readonly [key: string]: unknown;
}

const BASE = { format: 1, description: '', settings: {}, notes: [], pins: {} };

function node(id: string, type: string, label: string, [x, y]: [number, number], config: unknown) {
  return { id, type, version: 1, ...(label === '' ? {} : { label }), position: { x, y }, config };
}

function order(number: number) {
  return {
    id: number,
    number: `A-${number}`,
    customer: { id: 'c_7', name: 'Ada Lovelace', email: 'ada@example.com' },
    total: number % 2 === 1 ? 129.5 : 19.9,
    items: [{ sku: 'SKU-1', quantity: 2 }],
  };
}

/** For a flow without a hook. */
async function publishQuietly(call: Call, flow: Flow): Promise<Record<string, unknown>> {
  await call('PUT', `/flows/${flow.slug}`, flow);
  return call('POST', `/flows/${flow.slug}/publish`, {});
}

async function publish(call: Call, flow: Flow): Promise<string> {
  const { hookUrl } = await publishQuietly(call, flow);
  if (typeof hookUrl !== 'string') throw new Error('Publishing gave no hook URL.');
  return hookUrl;
}

async function post(url: string, body: unknown): Promise<void> {
  const reply = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!reply.ok) throw new Error(`The webhook answered ${reply.status}.`);
}

function caller(product: Product): Call {
  return async (method, path, body) => {
    const reply = await fetch(`${product.url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${product.apiKey}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await reply.text();
    if (!reply.ok) throw new Error(`${method} ${path} answered ${reply.status}: ${text}`);
    return JSON.parse(text) as Record<string, unknown>;
  };
}
