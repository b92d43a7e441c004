import { catalog as registry } from '#connectors/definitions.ts';
import type { Catalog, NodeType } from '#core/catalog.ts';
import type { FlowDocument, FlowNode } from '#core/flow-document.ts';

/** A loop, until the registry has one: the rules about `parent` need one to be tested with. */
const loop: NodeType = {
  type: 'test.each',
  version: 1,
  kind: 'action',
  label: 'Each',
  isLoop: true,
  ports: () => ['out'],
  effect: () => 'pure',
  connectors: () => [],
  needsConnection: () => false,
  checkConfig: () => [],
  sample: null,
};

/** The real registry and a loop. */
export const catalog: Catalog = (type, version) =>
  type === 'test.each' && version === 1 ? loop : registry(type, version);

/** A node with nothing but what it needs. */
export function node(id: string, type: string, rest: Partial<FlowNode> = {}): FlowNode {
  return { id, type, version: 1, config: {}, ...rest };
}

/** The flow of the contract: a signed webhook, a map, a condition, two calls. No faults. */
export function goodFlow(): FlowDocument {
  return {
    format: 1,
    name: 'Order fan-out',
    slug: 'order-fan-out',
    description: '',
    settings: { timeoutSeconds: 3600, concurrency: { key: { $expr: 'trigger.body.customer.id' }, limit: 1 } },
    nodes: [
      node('hook', 'core.webhook', { connection: 'shop-signing', config: { verify: { scheme: 'github' } } }),
      node('map', 'core.map', {
        position: { x: 200, y: 0 },
        config: {
          output: { id: { $expr: 'trigger.body.id' }, title: { $tpl: 'Order {{ trigger.body.number }}' } },
        },
      }),
      node('check', 'core.if', { config: { condition: { $expr: 'steps.map.id > 10' } } }),
      node('post', 'http.request', {
        config: { method: 'POST', url: 'https://api.example.com/orders', body: { $expr: 'steps.map' } },
        retry: { attempts: 5, baseSeconds: 1, maxSeconds: 300 },
        timeoutSeconds: 30,
        onError: 'fail',
        compensate: 'undo',
      }),
      node('put', 'http.request', {
        config: { method: 'PUT', url: { $tpl: 'https://api.example.com/small/{{ steps.map.id }}' } },
        onError: 'branch',
      }),
      node('undo', 'http.request', {
        config: {
          method: 'DELETE',
          url: { $tpl: 'https://api.example.com/orders/{{ steps.post.body.id }}' },
        },
      }),
      node('stop', 'core.stop', { config: { status: 'failed', message: 'Could not store it' } }),
    ],
    edges: [
      { from: 'hook', to: 'map' },
      { from: 'map', port: 'out', to: 'check' },
      { from: 'check', port: 'true', to: 'post' },
      { from: 'check', port: 'false', to: 'put' },
      { from: 'put', port: 'error', to: 'stop' },
    ],
    notes: [{ id: 'n1', text: 'Orders above 10 go to the big system.', position: { x: 0, y: -80 } }],
    pins: { map: { id: 12, title: 'Order 12' } },
  };
}
