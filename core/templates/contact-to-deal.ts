import { drawFlow, expr, tpl } from './draw-flow.ts';
import { CONTACT_CREATED } from './sample-events.ts';
import type { Template } from './template.ts';

export const contactToDeal: Template = {
  summary: 'Opens a deal for each new contact, so that sales forgets nobody who was added to the CRM.',
  tags: ['CRM'],
  flow: drawFlow({
    slug: 'deal-for-new-contact',
    name: 'A deal for each new contact',
    description: 'When somebody adds a contact to Acme, a first deal is opened for it.',
    nodes: [
      { id: 'created', type: 'acme.contact_created', label: 'Contact added' },
      {
        id: 'deal',
        type: 'acme.create_deal',
        label: 'Open a deal',
        config: {
          title: tpl('First talk with {{ trigger.body.data.company ?? trigger.body.data.name }}'),
          contactId: expr('trigger.body.data.id'),
          amount: 0,
          stage: 'lead',
        },
      },
    ],
    ways: ['created > deal'],
  }),
  helpers: [],
  trial: {
    input: CONTACT_CREATED,
    ends: 'succeeded',
    shows: 'Mara of the sample contacts gets a deal in the stage “lead”; you find it in Acme.',
  },
};
