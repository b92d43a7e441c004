import { FLOW_FORMAT, type FlowDocument } from '#core/flow-document.ts';

/** A flow without nodes. */
export function emptyFlow(name: string, slug: string): FlowDocument {
  return {
    format: FLOW_FORMAT,
    name,
    slug,
    description: '',
    settings: {},
    nodes: [],
    edges: [],
    notes: [],
    pins: {},
  };
}

/** A flow that works as it is: a webhook, a mapping, and a call to a public service that answers with what it got. */
export function exampleFlow(slug: string): FlowDocument {
  return {
    ...emptyFlow('Example: order to API', slug),
    description: 'Receives an order by webhook, reshapes it, and posts it to an API.',
    nodes: [
      {
        id: 'hook',
        type: 'core.webhook',
        version: 1,
        label: 'New order',
        position: { x: 0, y: 0 },
        config: { method: 'POST', verify: { scheme: 'none' }, respond: 'accepted' },
      },
      {
        id: 'map',
        type: 'core.map',
        version: 1,
        label: 'Reshape',
        position: { x: 320, y: 0 },
        config: {
          output: {
            id: { $expr: 'trigger.body.id' },
            title: { $tpl: 'Order {{ trigger.body.number }}' },
            total: { $expr: '$sum(trigger.body.items.(price * quantity))' },
          },
        },
      },
      {
        id: 'post',
        type: 'http.request',
        version: 1,
        label: 'Post to API',
        position: { x: 640, y: 0 },
        config: { method: 'POST', url: 'https://postman-echo.com/post', body: { $expr: 'steps.map' } },
      },
    ],
    edges: [
      { from: 'hook', to: 'map' },
      { from: 'map', to: 'post' },
    ],
  };
}
