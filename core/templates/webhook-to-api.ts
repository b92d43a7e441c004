import { drawFlow, expr, tpl } from './draw-flow.ts';
import type { Template } from './template.ts';

export const webhookToApi: Template = {
  summary: 'Receives orders from a shop, reshapes them and posts them to the API of another system.',
  tags: ['webhooks'],
  flow: drawFlow({
    slug: 'orders-to-api',
    name: 'Orders to an API',
    description: 'Receives an order by webhook, reshapes it, and posts it to an API.',
    nodes: [
      {
        id: 'hook',
        type: 'core.webhook',
        label: 'New order',
        config: { dedupe: expr('trigger.body.id') },
      },
      {
        id: 'map',
        type: 'core.map',
        label: 'Reshape',
        config: {
          output: {
            id: expr('trigger.body.id'),
            title: tpl('Order {{ trigger.body.number }}'),
            total: expr('$sum(trigger.body.lines.(price * quantity))'),
          },
        },
      },
      {
        id: 'post',
        type: 'http.request',
        label: 'Post to the API',
        config: { method: 'POST', url: 'https://api.example.com/orders', body: expr('steps.map') },
      },
    ],
    ways: ['hook > map > post'],
  }),
  helpers: [],
  trial: {
    input: {
      body: {
        id: 1042,
        number: 'A-1042',
        lines: [
          { sku: 'TEA-1', price: 12.5, quantity: 2 },
          { sku: 'CUP-4', price: 8, quantity: 1 },
        ],
      },
    },
    ends: 'succeeded',
    shows: 'One order of 33.00 is posted to your API, with the reply beside it.',
  },
};
