import { startProduct } from '#test/support/product.ts';

import { publishHook } from './call-product.ts';
import type { Shape, System } from './system.ts';

export interface PatchbayOptions {
  /** Default `patchbay`. */
  readonly name?: string;
  /** Over the defaults. */
  readonly env?: Readonly<Record<string, string>>;
  /** A folder with a database that is to be used, and a key that opens it. Default: an empty one. */
  readonly dataDir?: string;
  readonly apiKey?: string;
}

/** Patchbay as it is delivered, its database durable. */
export async function startPatchbay(options: PatchbayOptions = {}): Promise<System> {
  const { name = 'patchbay', env = {}, dataDir, apiKey } = options;
  const product = await startProduct({
    durable: true,
    // What the filling of a database left in our own environment is not the product's.
    env: { PATCHBAY_URL: undefined, ...env },
    ...(dataDir !== undefined && { dataDir }),
  });
  const called = { url: product.url, apiKey: apiKey ?? product.apiKey };
  let published = 0;
  return {
    name,
    async publish(shape, farEndUrl) {
      published += 1;
      return publishHook(called, `bench-${published}`, flowOf(shape, farEndUrl));
    },
    stop: () => product.stop(),
  };
}

interface Node {
  readonly id: string;
  readonly type: string;
  readonly version: 1;
  readonly config: unknown;
  readonly parent?: string;
}

interface Edge {
  readonly from: string;
  readonly to: string;
}

interface Drawn {
  readonly nodes: readonly Node[];
  readonly edges: readonly Edge[];
}

/** The flow of this shape, whose last step posts to the far end. */
export function flowOf(shape: Shape, farEndUrl: string): Drawn {
  const hook = node('hook', 'core.webhook', { verify: { scheme: 'none' } });
  const { nodes, edges, last } = WORK[shape];
  const post = node('post', 'http.request', {
    method: 'POST',
    url: farEndUrl,
    body: { $expr: `steps.${last}` },
  });
  return { nodes: [hook, ...nodes, post], edges: [...edges, { from: last, to: 'post' }] };
}

/** Between the trigger and the call; `last` is the step whose output is sent. */
const WORK: Readonly<Record<Shape, Drawn & { readonly last: string }>> = {
  call: { nodes: [map('map', 'trigger.body')], edges: [{ from: 'hook', to: 'map' }], last: 'map' },
  'ten-steps': tenSteps(),
  'fan-out': fanOut(),
  loop: {
    nodes: [
      node('each', 'core.each', { items: { $expr: '[1..100]' }, concurrency: 10 }),
      node('item', 'core.map', { output: { number: { $expr: 'item' } } }, 'each'),
      map('map', 'trigger.body'),
    ],
    edges: [
      { from: 'hook', to: 'each' },
      { from: 'each', to: 'map' },
    ],
    last: 'map',
  },
};

function tenSteps(): Drawn & { readonly last: string } {
  const names = Array.from({ length: 8 }, (_, index) => `map${index}`);
  return {
    nodes: names.map((name, index) =>
      index === 0 ? map(name, 'trigger.body') : copy(name, `steps.map${index - 1}`),
    ),
    edges: names.map((name, index) => ({ from: index === 0 ? 'hook' : `map${index - 1}`, to: name })),
    last: 'map7',
  };
}

function fanOut(): Drawn & { readonly last: string } {
  const names = Array.from({ length: 20 }, (_, index) => `map${index}`);
  return {
    nodes: [...names.map((name) => map(name, 'trigger.body')), copy('all', 'steps.map19')],
    edges: names.flatMap((name) => [
      { from: 'hook', to: name },
      { from: name, to: 'all' },
    ]),
    last: 'all',
  };
}

/** The four fields of an order. */
function map(id: string, of: string): Node {
  return node(id, 'core.map', {
    output: {
      id: { $expr: `${of}.id` },
      title: { $tpl: `Order {{ ${of}.number }}` },
      customer: { $expr: `${of}.customer.email` },
      total: { $expr: `${of}.total` },
    },
  });
}

function copy(id: string, of: string): Node {
  const fields = ['id', 'title', 'customer', 'total'];
  return node(id, 'core.map', {
    output: Object.fromEntries(fields.map((field) => [field, { $expr: `${of}.${field}` }])),
  });
}

function node(id: string, type: string, config: unknown, parent?: string): Node {
  return { id, type, version: 1, config, ...(parent !== undefined && { parent }) };
}
