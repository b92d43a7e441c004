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
