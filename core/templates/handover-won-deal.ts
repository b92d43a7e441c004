import { drawFlow, expr, tpl } from './draw-flow.ts';
import { dealEvent } from './sample-events.ts';
import type { Template } from './template.ts';

export const handoverWonDeal: Template = {
  summary: 'Opens a follow-up when a deal is won, so that the people who deliver take over from sales.',
  tags: ['CRM'],
  flow: drawFlow({
    slug: 'hand-over-won-deals',
    name: 'Hand over won deals',
    description: 'A deal that reaches “won” is looked up with its contact and opens a deal for next year.',
    nodes: [
      { id: 'changed', type: 'acme.deal_updated', label: 'Deal changed' },
      {
        id: 'won',
        type: 'core.filter',
        label: 'Only won ones',
        config: { condition: expr('trigger.body.data.stage = "won"') },
      },
      {
        id: 'contact',
        type: 'acme.get_contact',
        label: 'With whom?',
        config: { contactId: expr('trigger.body.data.contactId') },
      },
      {
        id: 'next',
        type: 'acme.create_deal',
        label: 'Open the follow-up',
        config: {
          title: tpl(
            '{{ steps.contact.company ?? steps.contact.name }}: after “{{ trigger.body.data.title }}”',
          ),
          contactId: expr('steps.contact.id'),
          amount: expr('trigger.body.data.amount'),
          stage: 'lead',
        },
      },
    ],
    ways: ['changed > won > contact > next'],
  }),
  helpers: [],
  trial: {
    input: dealEvent('deal.updated', { stage: 'won' }),
    ends: 'succeeded',
    shows: 'Nordlicht Lamps gets a follow-up deal of the same amount.',
  },
};
