import type { Json } from '#core/json.ts';

import type { End } from './records.ts';

/** The address of each far end, as flows call it. */
export type EndUrls = Readonly<Record<End, string>>;

interface ChaosFlow {
  readonly slug: string;
  /** Nodes that call a far end, for an event: the letter that the id begins with is the far end. */
  callsOf(event: { readonly number: number; readonly items: number }): readonly string[];
  readonly nodes: (urls: EndUrls) => readonly Json[];
  /** `from>to`, `from:port>to`. */
  readonly edges: string;
}

/** Every flow makes three calls or more: to the far end that honours keys, to the one that ignores them, and one `once`. */
export const CHAOS_FLOWS: readonly ChaosFlow[] = [
  {
    slug: 'chaos-line',
    callsOf: () => ['a', 'b', 'c'],
    nodes: (urls) => [call('a', urls), call('b', urls), call('c', urls)],
    edges: 'hook>a a>b b>c',
  },
  {
    slug: 'chaos-fork',
    callsOf: () => ['a', 'b', 'b2', 'c'],
    nodes: (urls) => [call('a', urls), call('b', urls), call('b2', urls), call('c', urls)],
    edges: 'hook>a a>b a>b2 b>c b2>c',
  },
  {
    slug: 'chaos-choice',
    callsOf: ({ number }) => [number % 2 === 0 ? 'a' : 'a2', 'b', 'c'],
    nodes: (urls) => [
      { id: 'even', type: 'core.if', config: { condition: { $expr: 'trigger.body.number % 2 = 0' } } },
      call('a', urls),
      call('a2', urls),
      { ...call('b', urls), join: 'any' },
      call('c', urls),
    ],
    edges: 'hook>even even:true>a even:false>a2 a>b a2>b b>c',
  },
  {
    slug: 'chaos-loop',
    callsOf: ({ items }) => ['a', ...Array.from({ length: items }, (_, item) => `b ${item}`), 'c'],
    nodes: (urls) => [
      call('a', urls),
      { id: 'each', type: 'core.each', config: { items: { $expr: 'trigger.body.items' }, concurrency: 2 } },
      { ...call('b', urls, { $expr: '$string(index)' }), parent: 'each' },
      call('c', urls),
    ],
    edges: 'hook>a a>each each>c',
  },
];

/** The document that the API takes. */
export function documentOf(flow: ChaosFlow, urls: EndUrls): Json {
  const hook = {
    id: 'hook',
    type: 'core.webhook',
    config: { verify: { scheme: 'none' }, dedupe: { $expr: 'trigger.body.id' } },
  };
  return {
    format: 1,
    name: flow.slug,
    slug: flow.slug,
    nodes: [hook, ...flow.nodes(urls)].map((node) => ({ version: 1, ...(node as object) })),
    edges: flow.edges.split(' ').map((edge) => {
      const [from = '', to = ''] = edge.split('>');
      const [id = '', port] = from.split(':');
      return { from: id, to, ...(port !== undefined && { port }) };
    }),
  };
}

/** A POST that says for whom it is. Attempts enough for a storm of ten minutes, a time-out that only a dead line reaches. */
function call(id: string, urls: EndUrls, item: Json = '') {
  const end = id[0] as End;
  return {
    id,
    type: 'http.request',
    config: {
      method: 'POST',
      url: urls[end],
      headers: {
        'x-run': { $expr: 'run.id' },
        'x-event': { $expr: 'trigger.body.id' },
        'x-node': id,
        'x-item': item,
      },
      body: { event: { $expr: 'trigger.body.id' } },
    },
    effect: end === 'c' ? 'once' : 'keyed',
    retry: { attempts: 20, baseSeconds: 0.3, maxSeconds: 3 },
    timeoutSeconds: 5,
  };
}
