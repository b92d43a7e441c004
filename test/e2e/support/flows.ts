import type { FlowDocument, FlowNode } from '#core/flow-document.ts';

/** Webhook → Map → call, without a signature; `call` changes the node that calls. */
export function callingFlow(slug: string, url: string, call: Partial<FlowNode> = {}): FlowDocument {
  return {
    format: 1,
    name: slug.replaceAll('-', ' '),
    slug,
    description: '',
    settings: {},
    nodes: [
      {
        id: 'hook',
        type: 'core.webhook',
        version: 1,
        label: 'New order',
        position: { x: 0, y: 0 },
        config: { method: 'POST', verify: { scheme: 'none' } },
      },
      {
        id: 'map',
        type: 'core.map',
        version: 1,
        label: 'Reshape',
        position: { x: 320, y: 0 },
        config: { output: { title: { $tpl: 'Order {{ trigger.body.number }}' } } },
      },
      {
        id: 'post',
        type: 'http.request',
        version: 1,
        label: 'Post to API',
        position: { x: 640, y: 0 },
        config: { method: 'POST', url, body: { $expr: 'steps.map' } },
        ...call,
      },
    ],
    edges: [
      { from: 'hook', to: 'map' },
      { from: 'map', to: 'post' },
    ],
    notes: [],
    pins: {},
  };
}

/** Where to click a loop: what is in it covers its middle. */
export const LOOP_HEADER = { x: 12, y: 8 };

/** Webhook → each line → a question: the price of a line without one fails that line alone. Rejected, the run fails. */
export function askingFlow(slug: string): FlowDocument {
  const node = (id: string, type: string, label: string, more: Partial<FlowNode>): FlowNode => ({
    id,
    type,
    version: 1,
    label,
    config: {},
    ...more,
  });
  return {
    ...callingFlow(slug, 'http://unused.example'),
    nodes: [
      node('hook', 'core.webhook', 'New order', { config: { method: 'POST', verify: { scheme: 'none' } } }),
      node('each', 'core.each', 'Each line', {
        position: { x: 320, y: 0 },
        config: { items: { $expr: 'trigger.body.lines' }, concurrency: 5, onItemError: 'continue' },
      }),
      node('price', 'core.map', 'Price', {
        parent: 'each',
        position: { x: 360, y: 60 },
        config: { output: { $expr: 'item.price > 0 ? item.price : $error("It has no price.")' } },
      }),
      node('ask', 'core.approval', 'Agreed?', {
        position: { x: 800, y: 0 },
        config: {
          question: { $tpl: 'Send order {{ trigger.body.number }}?' },
          approvers: { role: 'operator' },
          timeoutSeconds: 86_400,
        },
      }),
      node('stop', 'core.stop', 'Turned down', {
        position: { x: 1_120, y: 0 },
        config: { status: 'failed', message: 'It was turned down.' },
      }),
    ],
    edges: [
      { from: 'hook', to: 'each' },
      { from: 'each', to: 'ask' },
      { from: 'ask', port: 'rejected', to: 'stop' },
    ],
  };
}
