import { drawFlow, expr } from './draw-flow.ts';
import type { Template } from './template.ts';

export const enrichOrder: Template = {
  summary: 'Adds what the CRM knows of a customer to an order, and answers the shop with the whole.',
  tags: ['CRM', 'replies', 'data'],
  flow: drawFlow({
    slug: 'enrich-orders',
    name: 'Enrich orders from the CRM',
    description: 'The contact is looked up by its e-mail address; an unknown one leaves the order as it is.',
    nodes: [
      { id: 'hook', type: 'core.webhook', label: 'Order', config: { respond: 'finished' } },
      { id: 'contacts', type: 'acme.list_contacts', label: 'Read contacts', config: { limit: 1000 } },
      {
        id: 'reply',
        type: 'core.respond',
        label: 'Answer with both',
        config: {
          body: expr(
            '$merge([trigger.body, { "customer": $merge([{ "known": $exists(steps.contacts[email = $$.trigger.body.email]) }, steps.contacts[email = $$.trigger.body.email][0].{ "name": name, "company": company, "phone": phone }]) }])',
          ),
        },
      },
    ],
    ways: ['hook > contacts > reply'],
  }),
  helpers: [],
  trial: {
    input: { body: { number: 'A-9', email: 'lena@hoffmann-optik.example', total: 240 } },
    ends: 'succeeded',
    shows: 'The reply carries Lena’s company and phone number beside her order.',
  },
};
