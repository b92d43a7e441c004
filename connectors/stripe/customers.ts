import { z } from 'zod';

import { setting } from '#connectors/kit/http-call.ts';
import { type HttpOperation, limitSetting } from '#connectors/kit/http-operations.ts';
import { customer, customerObject, description, metadata, sampleCustomer } from './settings.ts';

const details = {
  email: z.string().max(512).optional().meta({ title: 'Email', placeholder: 'ada@example.com' }),
  name: z.string().max(256).optional().meta({ title: 'Name', placeholder: 'Ada Lovelace' }),
  phone: z.string().max(20).optional().meta({ title: 'Phone', placeholder: '+49 30 1234567' }),
  description,
  metadata,
};

const detailsBody = {
  email: setting('email'),
  name: setting('name'),
  phone: setting('phone'),
  description: setting('description'),
  metadata: setting('metadata'),
};

export const customerOperations: readonly HttpOperation[] = [
  {
    id: 'create_customer',
    label: 'Create customer',
    summary: 'Adds a customer to Stripe.',
    effect: 'keyed',
    input: z.strictObject(details),
    output: customerObject,
    sample: sampleCustomer,
    call: { method: 'POST', path: '/v1/customers', bodyType: 'form', body: detailsBody },
  },
  {
    id: 'update_customer',
    label: 'Update customer',
    summary: 'Changes those details of a customer of Stripe that are filled in.',
    effect: 'keyed',
    input: z.strictObject({ customer, ...details }),
    output: customerObject,
    sample: sampleCustomer,
    call: { method: 'POST', path: '/v1/customers/{customer}', bodyType: 'form', body: detailsBody },
  },
  {
    id: 'search_customers',
    label: 'Search customers',
    summary: 'Finds customers of Stripe; new ones are found after a minute.',
    effect: 'read',
    input: z.strictObject({
      query: z.string().min(1).meta({
        title: 'Query',
        help: 'In Stripe’s search language.',
        placeholder: "email:'ada@example.com'",
      }),
      limit: limitSetting(100),
    }),
    output: z.array(customerObject),
    sample: [sampleCustomer],
    call: {
      method: 'GET',
      path: '/v1/customers/search',
      query: { query: setting('query') },
      pick: '/data',
      paging: { kind: 'cursor', next: '/next_page', name: 'page', size: { name: 'limit', most: 100 } },
    },
  },
];
