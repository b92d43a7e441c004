import { z } from 'zod';

import { setting } from '#connectors/kit/http-call.ts';
import type { HttpOperation } from '#connectors/kit/http-operations.ts';
import { acmeChanges, listInput } from './pages.ts';

const contact = z.looseObject({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  company: z.string().nullable(),
  phone: z.string().nullable(),
  createdAt: z.string(),
  updatedAt: z.string(),
});

const ada = {
  id: 'con_7Hq2',
  name: 'Ada Lovelace',
  email: 'ada@example.com',
  company: 'Analytical Engines',
  phone: null,
  createdAt: '2026-01-15T09:30:00.000Z',
  updatedAt: '2026-01-15T09:30:00.000Z',
};

const contactId = z
  .string()
  .min(1)
  .max(60)
  .meta({ title: 'Contact', placeholder: 'con_7Hq2', choices: 'contacts' });

const details = {
  name: z.string().min(1).max(120).meta({ title: 'Name', placeholder: 'Ada Lovelace' }),
  email: z.string().min(3).max(200).meta({ title: 'Email', help: 'No two contacts have the same.' }),
  company: z.string().max(120).optional().meta({ title: 'Company', placeholder: 'Analytical Engines' }),
  phone: z.string().max(40).optional().meta({ title: 'Phone', placeholder: '+49 30 1234567' }),
};

const detailsBody = {
  name: setting('name'),
  email: setting('email'),
  company: setting('company'),
  phone: setting('phone'),
};

export const contactOperations: readonly HttpOperation[] = [
  {
    id: 'list_contacts',
    label: 'List contacts',
    summary: 'Reads contacts of Acme, the one that changed longest ago first.',
    effect: 'read',
    input: listInput,
    output: z.array(contact),
    sample: [ada],
    call: acmeChanges('/contacts'),
  },
  {
    id: 'get_contact',
    label: 'Get contact',
    summary: 'Reads one contact of Acme.',
    effect: 'read',
    input: z.strictObject({ contactId }),
    output: contact,
    sample: ada,
    call: { method: 'GET', path: '/contacts/{contactId}' },
  },
  {
    id: 'create_contact',
    label: 'Create contact',
    summary: 'Adds a contact to Acme.',
    effect: 'keyed',
    input: z.strictObject(details),
    output: contact,
    sample: ada,
    call: { method: 'POST', path: '/contacts', body: detailsBody },
  },
  {
    id: 'update_contact',
    label: 'Update contact',
    summary: 'Changes those details of a contact of Acme that are filled in.',
    effect: 'keyed',
    input: z.strictObject({
      contactId,
      ...z.strictObject(details).partial().shape,
    }),
    output: contact,
    sample: { ...ada, phone: '+49 30 1234567', updatedAt: '2026-01-15T09:31:00.000Z' },
    call: { method: 'PATCH', path: '/contacts/{contactId}', body: detailsBody },
  },
];
