import { z } from 'zod';

export const customer = z
  .string()
  .min(1)
  .meta({ title: 'Customer', placeholder: 'cus_NffrFeUfNV2Hib', choices: 'customers' });

export const metadata = z
  .record(z.string().max(40), z.union([z.string(), z.number(), z.boolean()]))
  .optional()
  .meta({
    title: 'Metadata',
    help: 'Your own names and values, kept with it at Stripe.',
    widget: 'key_values',
    advanced: true,
  });

export const description = z
  .string()
  .max(500)
  .optional()
  .meta({ title: 'Description', help: 'For you, in the dashboard.' });

export const amount = z
  .int()
  .meta({ title: 'Amount', help: 'In the smallest unit of the currency: 1099 for € 10.99.' });

export const currency = z
  .string()
  .regex(/^[a-z]{3}$/, 'write three small letters, such as eur')
  .meta({ title: 'Currency', help: 'Three small letters.', placeholder: 'eur' });

export const customerObject = z.looseObject({
  id: z.string(),
  email: z.string().nullable(),
  name: z.string().nullish(),
  phone: z.string().nullish(),
  description: z.string().nullable(),
  metadata: z.record(z.string(), z.string()),
  created: z.int(),
});

export const sampleCustomer = {
  id: 'cus_NffrFeUfNV2Hib',
  email: 'ada@example.com',
  name: 'Ada Lovelace',
  phone: null,
  description: null,
  metadata: { crm: 'con_7Hq2' },
  created: 1_768_469_400,
};
