import { z } from 'zod';

import { setting, when } from '#connectors/kit/http-call.ts';
import type { HttpOperation } from '#connectors/kit/http-operations.ts';
import { contactId, dealId, owner, properties, record, sampleRecord } from './settings.ts';

/** HubSpot's own kinds of associations, by their numbers. */
const DEAL_TO_CONTACT = 3;
const NOTE_TO_CONTACT = 202;

function associated(name: string, associationTypeId: number) {
  return when(name, [
    { to: { id: setting(name) }, types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId }] },
  ]);
}

const sampleDeal = sampleRecord('9021', {
  dealname: 'Two engines',
  dealstage: 'contractsent',
  amount: '18500',
});

const dealDetails = {
  name: z.string().min(1).max(500).meta({ title: 'Name', placeholder: 'Two engines' }),
  stage: z
    .string()
    .min(1)
    .meta({ title: 'Stage', help: 'Its id.', placeholder: 'contractsent', choices: 'dealStages' }),
  pipeline: z.string().min(1).optional().meta({
    title: 'Pipeline',
    help: 'Its id. Left empty: the one that there is by default.',
    choices: 'pipelines',
  }),
  amount: z.number().optional().meta({ title: 'Amount', help: 'In the currency of the account.' }),
  closeDate: z
    .string()
    .optional()
    .meta({ title: 'Close date', help: 'A day or a time.', placeholder: '2026-03-31' }),
  owner,
  properties,
};

const dealBody = {
  dealname: setting('name'),
  dealstage: setting('stage'),
  pipeline: setting('pipeline'),
  amount: setting('amount', 'text'),
  closedate: setting('closeDate'),
  hubspot_owner_id: setting('owner'),
  '...': setting('properties'),
};

export const salesOperations: readonly HttpOperation[] = [
  {
    id: 'create_company',
    label: 'Create company',
    summary: 'Adds a company to HubSpot.',
    effect: 'once',
    input: z.strictObject({
      name: z.string().min(1).max(500).meta({ title: 'Name', placeholder: 'Analytical Engines' }),
      domain: z.string().max(253).optional().meta({ title: 'Domain', placeholder: 'example.com' }),
      owner,
      properties,
    }),
    output: record,
    sample: sampleRecord('7331', { name: 'Analytical Engines', domain: 'example.com' }),
    call: {
      method: 'POST',
      path: '/crm/v3/objects/companies',
      body: {
        properties: {
          name: setting('name'),
          domain: setting('domain'),
          hubspot_owner_id: setting('owner'),
          '...': setting('properties'),
        },
      },
    },
  },
  {
    id: 'create_deal',
    label: 'Create deal',
    summary: 'Adds a deal to HubSpot, with a contact if one is named.',
    effect: 'once',
    input: z.strictObject({ ...dealDetails, contactId: contactId.optional() }),
    output: record,
    sample: sampleDeal,
    call: {
      method: 'POST',
      path: '/crm/v3/objects/deals',
      body: { properties: dealBody, associations: associated('contactId', DEAL_TO_CONTACT) },
    },
  },
  {
    id: 'update_deal',
    label: 'Update deal',
    summary: 'Changes those details of a deal of HubSpot that are filled in.',
    effect: 'keyed',
    input: z.strictObject({ dealId, ...z.strictObject(dealDetails).partial().shape }),
    output: record,
    sample: sampleDeal,
    call: { method: 'PATCH', path: '/crm/v3/objects/deals/{dealId}', body: { properties: dealBody } },
  },
  {
    id: 'add_note',
    label: 'Add note',
    summary: 'Puts a note on a contact of HubSpot.',
    effect: 'once',
    input: z.strictObject({
      contactId,
      text: z
        .string()
        .min(1)
        .max(65_536)
        .meta({ title: 'Text', help: 'It may hold HTML.', widget: 'textarea' }),
      at: z
        .string()
        .min(1)
        .meta({ title: 'At', help: 'The time that the note is of.', placeholder: '2026-01-15T09:30:00Z' }),
      owner,
    }),
    output: record,
    sample: sampleRecord('55012', {
      hs_note_body: 'Called about the order.',
      hs_timestamp: '2026-01-15T09:30:00Z',
    }),
    call: {
      method: 'POST',
      path: '/crm/v3/objects/notes',
      body: {
        properties: {
          hs_note_body: setting('text'),
          hs_timestamp: setting('at'),
          hubspot_owner_id: setting('owner'),
        },
        associations: associated('contactId', NOTE_TO_CONTACT),
      },
    },
  },
];
