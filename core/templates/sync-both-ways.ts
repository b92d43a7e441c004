import { drawFlow, expr } from './draw-flow.ts';
import { CONTACT_UPDATED } from './sample-events.ts';
import type { Template } from './template.ts';

export const syncBothWays: Template = {
  summary: 'Keeps contacts of the CRM and of your own app the same, whichever of the two was changed.',
  tags: ['CRM', 'webhooks'],
  flow: drawFlow({
    slug: 'contacts-to-our-app',
    name: 'Sync contacts both ways',
    description:
      'What changes in Acme goes to your app. The second flow, “Contacts from our app”, is the way back; what is the same already is left alone, so that nothing goes in circles.',
    settings: { concurrency: { key: expr('trigger.body.data.id'), limit: 1 } },
    nodes: [
      { id: 'changed', type: 'acme.contact_updated', label: 'Contact changed in Acme' },
      {
        id: 'ours',
        type: 'http.request',
        label: 'Store it in our app',
        config: {
          method: 'PUT',
          url: {
            $tpl: 'https://api.example.com/contacts/{{ $encodeUrlComponent(trigger.body.data.email) }}',
          },
          body: expr('$pick(trigger.body.data, ["name", "email", "company", "phone"])'),
        },
      },
    ],
    ways: ['changed > ours'],
  }),
  helpers: [
    drawFlow({
      slug: 'contacts-from-our-app',
      name: 'Contacts from our app',
      description: 'Your app posts a changed contact here. Acme is told only when something is different.',
      settings: { concurrency: { key: expr('trigger.body.email'), limit: 1 } },
      nodes: [
        { id: 'hook', type: 'core.webhook', label: 'Contact changed in our app' },
        { id: 'contacts', type: 'acme.list_contacts', label: 'Read contacts', config: { limit: 1000 } },
        {
          id: 'theirs',
          type: 'core.map',
          label: 'The same one in Acme',
          config: { output: expr('(steps.contacts[email = $$.trigger.body.email])[0]') },
        },
        {
          id: 'other',
          type: 'core.filter',
          label: 'Is anything different?',
          config: {
            condition: expr(
              'steps.theirs.id and (trigger.body.name != steps.theirs.name or trigger.body.company != steps.theirs.company)',
            ),
          },
        },
        {
          id: 'update',
          type: 'acme.update_contact',
          label: 'Change it in Acme',
          config: {
            contactId: expr('steps.theirs.id'),
            name: expr('trigger.body.name'),
            company: expr('trigger.body.company'),
          },
        },
      ],
      ways: ['hook > contacts > theirs > other > update'],
    }),
  ],
  trial: {
    input: CONTACT_UPDATED,
    ends: 'succeeded',
    shows: 'Mara’s details are put into your app, under her address.',
  },
};
