import { drawFlow, expr, tpl } from './draw-flow.ts';
import type { Template } from './template.ts';

export const undoOnFailure: Template = {
  summary: 'Reserves, charges and confirms an order; when the charge fails, the reservation is taken back.',
  tags: ['reliability', 'CRM'],
  flow: drawFlow({
    slug: 'reserve-charge-undo',
    name: 'Reserve, charge, undo',
    description:
      'A deal in Acme stands for the reservation. If a later step fails, the node below it takes it back.',
    nodes: [
      { id: 'hook', type: 'core.webhook', label: 'New order', config: { dedupe: expr('trigger.body.id') } },
      {
        id: 'reserve',
        type: 'acme.create_deal',
        label: 'Reserve',
        compensate: 'release',
        config: {
          title: tpl('Order {{ trigger.body.number }}'),
          contactId: expr('trigger.body.contactId'),
          amount: expr('trigger.body.amount'),
          stage: 'proposal',
        },
      },
      {
        id: 'release',
        type: 'acme.update_deal',
        label: 'Take it back',
        config: { dealId: expr('steps.reserve.id'), stage: 'lost' },
      },
      {
        id: 'covered',
        type: 'core.if',
        label: 'Is the card good for it?',
        config: { condition: expr('trigger.body.card.limit >= trigger.body.amount') },
      },
      {
        id: 'confirm',
        type: 'acme.update_deal',
        label: 'Confirm',
        config: { dealId: expr('steps.reserve.id'), stage: 'won' },
      },
      {
        id: 'declined',
        type: 'core.stop',
        label: 'Card declined',
        config: {
          status: 'failed',
          message: tpl('The card was declined for {{ trigger.body.amount }}.'),
        },
      },
    ],
    ways: ['hook > reserve > covered', 'covered.true > confirm', 'covered.false > declined'],
  }),
  helpers: [],
  trial: {
    input: {
      body: {
        id: 1042,
        number: 'A-1042',
        contactId: 'con_sample1',
        amount: 900,
        card: { limit: 500 },
      },
    },
    ends: 'failed',
    shows: 'The card is declined, so the run fails and the deal that it made is set to “lost” again.',
  },
};
