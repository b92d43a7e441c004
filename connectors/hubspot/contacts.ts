import { z } from 'zod';

import { setting } from '#connectors/kit/http-call.ts';
import { type HttpOperation, limitSetting } from '#connectors/kit/http-operations.ts';
import { hubspotPages } from './paging.ts';
import { contactId, owner, properties, record, sampleRecord } from './settings.ts';

const sampleContact = sampleRecord('151', {
  email: 'ada@example.com',
  firstname: 'Ada',
  lastname: 'Lovelace',
  phone: '+49 30 1234567',
});

const details = {
  email: z
    .string()
    .max(254)
    .optional()
    .meta({ title: 'Email', help: 'No two contacts have the same.', placeholder: 'ada@example.com' }),
  firstName: z.string().max(500).optional().meta({ title: 'First name', placeholder: 'Ada' }),
  lastName: z.string().max(500).optional().meta({ title: 'Last name', placeholder: 'Lovelace' }),
  phone: z.string().max(100).optional().meta({ title: 'Phone', placeholder: '+49 30 1234567' }),
  owner,
  properties,
};

const detailsBody = {
  properties: {
    email: setting('email'),
    firstname: setting('firstName'),
    lastname: setting('lastName'),
    phone: setting('phone'),
    hubspot_owner_id: setting('owner'),
    '...': setting('properties'),
  },
};

export const contactOperations: readonly HttpOperation[] = [
  {
    id: 'create_contact',
    label: 'Create contact',
    summary: 'Adds a contact to HubSpot; fails where there is one of this email address.',
    effect: 'once',
    input: z.strictObject(details),
    output: record,
    sample: sampleContact,
    call: { method: 'POST', path: '/crm/v3/objects/contacts', body: detailsBody },
  },
  {
    id: 'update_contact',
    label: 'Update contact',
    summary: 'Changes those details of a contact of HubSpot that are filled in.',
    effect: 'keyed',
    input: z.strictObject({ contactId, ...details }),
    output: record,
    sample: sampleContact,
    call: { method: 'PATCH', path: '/crm/v3/objects/contacts/{contactId}', body: detailsBody },
  },
  {
    id: 'search_contacts',
    label: 'Search contacts',
    summary:
      'Finds contacts of HubSpot by words, or by the value of a property; new ones are found after some seconds.',
    effect: 'read',
    input: z.strictObject({
      words: z
        .string()
        .max(3_000)
        .optional()
        .meta({ title: 'Words', help: 'In names, addresses and numbers.' }),
      filters: z
        .array(
          z.strictObject({
            propertyName: z
              .string()
              .min(1)
              .meta({ title: 'Property', help: 'Its internal name.', placeholder: 'email' }),
            operator: z
              .enum(['EQ', 'NEQ', 'LT', 'LTE', 'GT', 'GTE', 'CONTAINS_TOKEN'])
              .default('EQ')
              .meta({ title: 'Is' }),
            value: z.string().meta({ title: 'Value', placeholder: 'ada@example.com' }),
          }),
        )
        .max(6)
        .optional()
        .meta({ title: 'Filters', help: 'All of them must fit.' }),
      show: z
        .array(z.string().min(1))
        .min(1)
        .default(['email', 'firstname', 'lastname', 'phone'])
        .meta({ title: 'Properties', help: 'Those to read, by their internal names.', advanced: true }),
      limit: limitSetting(100),
    }),
    output: z.array(record),
    sample: [sampleContact],
    call: {
      ...hubspotPages('POST', '/crm/v3/objects/contacts/search'),
      body: {
        query: setting('words'),
        filterGroups: [{ filters: setting('filters') }],
        properties: setting('show'),
      },
    },
  },
];
