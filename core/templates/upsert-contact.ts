import { drawFlow, expr } from './draw-flow.ts';
import type { Template } from './template.ts';

export const upsertContact: Template = {
  summary:
    'Changes a contact that is there and adds one that is not, however often the same customer is sent.',
  tags: ['CRM', 'reliability'],
  flow: drawFlow({
    slug: 'upsert-contacts',
    name: 'Add or change a contact',
    description: 'One run at a time for each address, so that two at once do not both add the same contact.',
    settings: { concurrency: { key: expr('trigger.body.email'), limit: 1 } },
    nodes: [
      { id: 'hook', type: 'core.webhook', label: 'Customer' },
      { id: 'contacts', type: 'acme.list_contacts', label: 'Read contacts', config: { limit: 1000 } },
      {
        id: 'found',
        type: 'core.map',
        label: 'Look for the address',
        config: { output: { id: expr('(steps.contacts[email = $$.trigger.body.email])[0].id') } },
      },
      { id: 'known', type: 'core.if', label: 'Is it there?', config: { condition: expr('steps.found.id') } },
      {
        id: 'update',
        type: 'acme.update_contact',
        label: 'Change it',
        config: {
          contactId: expr('steps.found.id'),
          name: expr('trigger.body.name'),
          company: expr('trigger.body.company'),
        },
      },
      {
        id: 'create',
        type: 'acme.create_contact',
        label: 'Add it',
        config: {
          name: expr('trigger.body.name'),
          email: expr('trigger.body.email'),
          company: expr('trigger.body.company'),
        },
      },
      {
        id: 'result',
        type: 'core.map',
        label: 'Which it was',
        config: {
          output: {
            contactId: expr('steps.update.id ?? steps.create.id'),
            wasNew: expr('$exists(steps.create.id)'),
          },
        },
      },
    ],
    ways: [
      'hook > contacts > found > known',
      'known.true > update > result',
      'known.false > create > result',
    ],
  }),
  helpers: [],
  trial: {
    input: { body: { name: 'Aiko Tanabe', email: 'aiko@tanabe-works.example', company: 'Tanabe & Works' } },
    ends: 'succeeded',
    shows: 'Aiko is there already, so her company is changed; send a new address, and a contact is added.',
  },
};
