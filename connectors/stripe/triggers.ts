import { z } from 'zod';

import { appTriggers } from '#connectors/kit/app-trigger.ts';
import type { JsonObject } from '#core/json.ts';

const output = z.looseObject({
  id: z.string(),
  type: z.string(),
  created: z.int(),
  livemode: z.boolean(),
  data: z.looseObject({ object: z.looseObject({}) }),
});

const none = z.strictObject({});

/** What happens in an account of Stripe. */
export const stripeTriggers = appTriggers({ connector: 'stripe', delivery: 'subscription' }, [
  {
    id: 'checkout_completed',
    label: 'Checkout completed',
    summary: 'Starts a run when somebody finishes a Checkout session of Stripe.',
    input: none,
    output,
    sample: eventOf('checkout.session.completed', {
      id: 'cs_test_a1',
      object: 'checkout.session',
      amount_total: 4_900,
      currency: 'eur',
      customer_details: { email: 'ada@example.com' },
      payment_status: 'paid',
    }),
  },
  {
    id: 'payment_succeeded',
    label: 'Payment succeeded',
    summary: 'Starts a run when a payment of Stripe succeeds.',
    input: none,
    output,
    sample: eventOf('payment_intent.succeeded', {
      id: 'pi_3a1',
      object: 'payment_intent',
      amount: 4_900,
      currency: 'eur',
      customer: 'cus_1',
    }),
  },
  {
    id: 'invoice_paid',
    label: 'Invoice paid',
    summary: 'Starts a run when an invoice of Stripe is paid.',
    input: none,
    output,
    sample: eventOf('invoice.paid', {
      id: 'in_1',
      object: 'invoice',
      amount_paid: 4_900,
      currency: 'eur',
      customer_email: 'ada@example.com',
    }),
  },
  {
    id: 'subscription_changed',
    label: 'Subscription changed',
    summary: 'Starts a run when a subscription of Stripe begins, changes or ends.',
    input: none,
    output,
    sample: eventOf('customer.subscription.updated', {
      id: 'sub_1',
      object: 'subscription',
      customer: 'cus_1',
      status: 'active',
    }),
  },
  {
    id: 'event',
    label: 'Stripe event',
    summary: 'Starts a run for each of the chosen events of Stripe.',
    input: z.strictObject({
      events: z
        .array(
          z
            .string()
            .regex(/^[a-z0-9_]+(\.[a-z0-9_]+)+$/, 'write the type of an event, such as charge.refunded'),
        )
        .min(1)
        .max(100)
        .meta({
          title: 'Events',
          help: 'Types of events of Stripe.',
          placeholder: 'charge.refunded',
          widget: 'list',
          expression: false,
        }),
    }),
    output,
    sample: eventOf('charge.refunded', {
      id: 'ch_1',
      object: 'charge',
      amount_refunded: 900,
      currency: 'eur',
    }),
  },
]);

function eventOf(type: string, object: JsonObject): JsonObject {
  return { id: 'evt_1', object: 'event', type, created: 1_768_469_400, livemode: false, data: { object } };
}
