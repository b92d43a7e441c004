import { drawFlow, expr, tpl } from './draw-flow.ts';
import type { Template } from './template.ts';

export const fanOut: Template = {
  summary: 'Sends one order to the CRM and to the warehouse side by side, and goes on when both have it.',
  tags: ['webhooks', 'CRM'],
  flow: drawFlow({
    slug: 'fan-out-order',
    name: 'One order to two services',
    description:
      'Both calls are made at the same time and repeated on their own; the last step waits for both.',
    nodes: [
      { id: 'hook', type: 'core.webhook', label: 'New order', config: { dedupe: expr('trigger.body.id') } },
      {
        id: 'deal',
        type: 'acme.create_deal',
        label: 'Deal in the CRM',
        config: {
          title: tpl('Order {{ trigger.body.number }}'),
          contactId: expr('trigger.body.contactId'),
          amount: expr('trigger.body.total'),
          stage: 'won',
        },
      },
      {
        id: 'ship',
        type: 'http.request',
        label: 'Tell the warehouse',
        config: { method: 'POST', url: 'https://api.example.com/shipments', body: expr('trigger.body') },
      },
      {
        id: 'both',
        type: 'core.map',
        label: 'Both have it',
        config: { output: { dealId: expr('steps.deal.id'), shipment: expr('steps.ship.status') } },
      },
    ],
    ways: ['hook > deal > both', 'hook > ship > both'],
  }),
  helpers: [],
  trial: {
    input: { body: { id: 7, number: 'A-7', contactId: 'con_sample2', total: 129.5 } },
    ends: 'succeeded',
    shows: 'In the waterfall of the run both calls begin at the same time.',
  },
};
