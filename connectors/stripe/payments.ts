import { z } from 'zod';

import { setting, when } from '#connectors/kit/http-call.ts';
import { type HttpOperation, limitSetting } from '#connectors/kit/http-operations.ts';
import { amount, currency, customer, description, metadata } from './settings.ts';

const invoice = z.looseObject({
  id: z.string(),
  status: z.string().nullable(),
  customer: z.string().nullable(),
  amount_due: z.int(),
  currency: z.string(),
  hosted_invoice_url: z.string().nullish(),
});
const sampleInvoice = {
  id: 'in_1MtHbELkdIwHu7ix',
  status: 'draft',
  customer: 'cus_NffrFeUfNV2Hib',
  amount_due: 1_099,
  currency: 'eur',
  hosted_invoice_url: null,
};
const invoiceId = z.string().min(1).meta({ title: 'Invoice', placeholder: 'in_1MtHbELkdIwHu7ix' });

export const paymentOperations: readonly HttpOperation[] = [
  {
    id: 'create_payment_link',
    label: 'Create payment link',
    summary: 'Makes a link at which anybody can pay for a price of Stripe.',
    effect: 'keyed',
    input: z.strictObject({
      price: z
        .string()
        .min(1)
        .meta({ title: 'Price', placeholder: 'price_1MoC3TLkdIwHu7ix', choices: 'prices' }),
      quantity: z.int().min(1).default(1).meta({ title: 'Quantity', help: 'How many of it.' }),
      redirectUrl: z.string().max(2_048).optional().meta({
        title: 'Then go to',
        help: 'Where the payer is sent afterwards. Left empty: a page of Stripe’s.',
        placeholder: 'https://shop.example.com/thanks',
      }),
      metadata,
    }),
    output: z.looseObject({ id: z.string(), url: z.string(), active: z.boolean() }),
    sample: {
      id: 'plink_1MoC3ULkdIwHu7ix',
      url: 'https://buy.stripe.com/test_cN25nr0iZ7bUa7meUY',
      active: true,
    },
    call: {
      method: 'POST',
      path: '/v1/payment_links',
      bodyType: 'form',
      body: {
        line_items: [{ price: setting('price'), quantity: setting('quantity') }],
        after_completion: when('redirectUrl', {
          type: 'redirect',
          redirect: { url: setting('redirectUrl') },
        }),
        metadata: setting('metadata'),
      },
    },
  },
  {
    id: 'create_invoice_item',
    label: 'Add invoice item',
    summary: 'Puts an amount on a customer’s next invoice of Stripe, or on a draft.',
    effect: 'keyed',
    input: z.strictObject({
      customer,
      amount,
      currency,
      description: description.meta({ title: 'Description', help: 'Shown on the invoice.' }),
      invoice: invoiceId
        .optional()
        .meta({ title: 'Draft', help: 'Left empty: the next invoice.', placeholder: 'in_…' }),
      metadata,
    }),
    output: z.looseObject({
      id: z.string(),
      amount: z.int(),
      currency: z.string(),
      invoice: z.string().nullable(),
    }),
    sample: { id: 'ii_1MtGUtLkdIwHu7ix', amount: 1_099, currency: 'eur', invoice: null },
    call: {
      method: 'POST',
      path: '/v1/invoiceitems',
      bodyType: 'form',
      body: {
        customer: setting('customer'),
        amount: setting('amount'),
        currency: setting('currency'),
        description: setting('description'),
        invoice: setting('invoice'),
        metadata: setting('metadata'),
      },
    },
  },
  {
    id: 'create_invoice',
    label: 'Create invoice',
    summary: 'Drafts an invoice for a customer of Stripe, with the items that wait for one.',
    effect: 'keyed',
    input: z.strictObject({
      customer,
      collection: z.enum(['send_invoice', 'charge_automatically']).default('send_invoice').meta({
        title: 'Collected by',
        help: 'An invoice that the customer pays, or a charge of their card.',
      }),
      daysUntilDue: z
        .int()
        .min(0)
        .max(365)
        .optional()
        .meta({
          title: 'Days to pay',
          help: 'Needed for an invoice that the customer pays.',
          showIf: { field: 'collection', in: ['send_invoice'] },
        }),
      autoAdvance: z.boolean().default(false).meta({ title: 'Finish by itself' }),
      description,
      metadata,
    }),
    output: invoice,
    sample: sampleInvoice,
    call: {
      method: 'POST',
      path: '/v1/invoices',
      bodyType: 'form',
      body: {
        customer: setting('customer'),
        collection_method: setting('collection'),
        days_until_due: setting('daysUntilDue'),
        auto_advance: setting('autoAdvance'),
        pending_invoice_items_behavior: 'include',
        description: setting('description'),
        metadata: setting('metadata'),
      },
    },
  },
  {
    id: 'send_invoice',
    label: 'Send invoice',
    summary: 'Finishes a drafted invoice of Stripe and mails it to the customer.',
    effect: 'keyed',
    input: z.strictObject({ invoice: invoiceId }),
    output: invoice,
    sample: {
      ...sampleInvoice,
      status: 'open',
      hosted_invoice_url: 'https://invoice.stripe.com/i/acct_1/test_2',
    },
    call: { method: 'POST', path: '/v1/invoices/{invoice}/send' },
  },
  {
    id: 'create_refund',
    label: 'Refund payment',
    summary: 'Gives a payment of Stripe back, all of it or a part.',
    effect: 'keyed',
    input: z.strictObject({
      paymentIntent: z
        .string()
        .min(1)
        .meta({ title: 'Payment', help: 'The id of a payment intent.', placeholder: 'pi_1GszsK2eZvKYlo2C' }),
      amount: amount
        .min(1)
        .optional()
        .meta({ title: 'Amount', help: 'In the smallest unit. Left empty: all that is left.' }),
      reason: z
        .enum(['duplicate', 'fraudulent', 'requested_by_customer'])
        .optional()
        .meta({ title: 'Reason', help: 'For your books.' }),
      metadata,
    }),
    output: z.looseObject({
      id: z.string(),
      amount: z.int(),
      currency: z.string(),
      status: z.string().nullable(),
    }),
    sample: { id: 're_1Nispe2eZvKYlo2C', amount: 1_099, currency: 'eur', status: 'succeeded' },
    call: {
      method: 'POST',
      path: '/v1/refunds',
      bodyType: 'form',
      body: {
        payment_intent: setting('paymentIntent'),
        amount: setting('amount'),
        reason: setting('reason'),
        metadata: setting('metadata'),
      },
    },
  },
  {
    id: 'list_payments',
    label: 'List payments',
    summary: 'Reads payments of Stripe, the newest first.',
    effect: 'read',
    input: z.strictObject({
      customer: customer.optional().meta({ title: 'Customer', help: 'Left empty: all.' }),
      limit: limitSetting(100),
    }),
    output: z.array(
      z.looseObject({
        id: z.string(),
        amount: z.int(),
        currency: z.string(),
        status: z.string(),
        customer: z.string().nullable(),
        created: z.int(),
      }),
    ),
    sample: [
      {
        id: 'pi_1GszsK2eZvKYlo2C',
        amount: 1_099,
        currency: 'eur',
        status: 'succeeded',
        customer: 'cus_NffrFeUfNV2Hib',
        created: 1_768_469_400,
      },
    ],
    call: {
      method: 'GET',
      path: '/v1/payment_intents',
      query: { customer: setting('customer') },
      pick: '/data',
      paging: {
        kind: 'last_item',
        name: 'starting_after',
        id: '/id',
        more: '/has_more',
        size: { name: 'limit', most: 100 },
      },
    },
  },
];
