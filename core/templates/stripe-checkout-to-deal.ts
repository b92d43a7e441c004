import { drawFlow, expr, tpl } from './draw-flow.ts';
import type { Template } from './template.ts';

export const stripeCheckoutToDeal: Template = {
  summary: 'Puts each paid Stripe checkout into the CRM as a won deal, so that sales sees what was bought.',
  tags: ['webhooks', 'CRM'],
  flow: drawFlow({
    slug: 'stripe-checkouts-to-deals',
    name: 'Stripe checkouts to deals',
    description: 'A signed Stripe webhook: a finished checkout becomes a contact with a won deal in Acme.',
    nodes: [
      {
        id: 'hook',
        type: 'core.webhook',
        label: 'Stripe webhook',
        config: { verify: { scheme: 'stripe' } },
      },
      {
        id: 'paid',
        type: 'core.filter',
        label: 'Only paid checkouts',
        config: {
          condition: expr(
            'trigger.body.type = "checkout.session.completed" and trigger.body.data.object.payment_status = "paid"',
          ),
        },
      },
      { id: 'contacts', type: 'acme.list_contacts', label: 'Look for the buyer', config: { limit: 1000 } },
      {
        id: 'buyer',
        type: 'core.map',
        label: 'Known or new?',
        config: {
          output: {
            email: expr('trigger.body.data.object.customer_details.email'),
            name: expr('trigger.body.data.object.customer_details.name'),
            knownId: expr(
              '(steps.contacts[email = $$.trigger.body.data.object.customer_details.email])[0].id',
            ),
          },
        },
      },
      {
        id: 'known',
        type: 'core.if',
        label: 'Known?',
        config: { condition: expr('steps.buyer.knownId') },
      },
      {
        id: 'create',
        type: 'acme.create_contact',
        label: 'Add the buyer',
        config: { name: expr('steps.buyer.name'), email: expr('steps.buyer.email') },
      },
      {
        id: 'deal',
        type: 'acme.create_deal',
        label: 'Add a won deal',
        config: {
          title: tpl('Checkout {{ trigger.body.data.object.id }}'),
          contactId: expr('steps.buyer.knownId ?? steps.create.id'),
          amount: expr('trigger.body.data.object.amount_total / 100'),
          stage: 'won',
        },
      },
    ],
    ways: ['hook > paid > contacts > buyer > known', 'known.true > deal', 'known.false > create > deal'],
  }),
  helpers: [],
  trial: {
    input: {
      body: {
        id: 'evt_1',
        type: 'checkout.session.completed',
        data: {
          object: {
            id: 'cs_test_a1',
            payment_status: 'paid',
            amount_total: 4900,
            customer_details: { name: 'Grace Okafor', email: 'grace@okafor-law.example' },
          },
        },
      },
    },
    ends: 'succeeded',
    shows: 'Grace is known already, so she only gets a won deal of 49.00.',
  },
};
