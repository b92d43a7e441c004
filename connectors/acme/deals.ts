import { z } from 'zod';

import { setting } from '#connectors/kit/http-call.ts';
import type { HttpOperation } from '#connectors/kit/http-operations.ts';
import { acmeChanges, listInput } from './pages.ts';

const deal = z.looseObject({
  id: z.string(),
  contactId: z.string(),
  title: z.string(),
  amount: z.number(),
  currency: z.string(),
  pipelineId: z.string(),
  stage: z.string(),
  createdAt: z.string(),
  updatedAt: z.string(),
});

const engines = {
  id: 'deal_4Mz9',
  contactId: 'con_7Hq2',
  title: 'Two engines',
  amount: 18_500,
  currency: 'EUR',
  pipelineId: 'sales',
  stage: 'proposal',
  createdAt: '2026-01-15T09:30:00.000Z',
  updatedAt: '2026-01-15T09:30:00.000Z',
};

const details = {
  title: z.string().min(1).max(200).meta({ title: 'Title', placeholder: 'Two engines' }),
  contactId: z
    .string()
    .min(1)
    .max(60)
    .meta({ title: 'Contact', help: 'Whom the deal is with.', placeholder: 'con_7Hq2', choices: 'contacts' }),
  amount: z
    .number()
    .min(0)
    .max(100_000_000)
    .meta({ title: 'Amount', help: 'In euros, two decimals at most.' }),
  stage: z.string().min(1).meta({ title: 'Stage', help: 'It decides the pipeline, too.', choices: 'stages' }),
};

const detailsBody = {
  title: setting('title'),
  contactId: setting('contactId'),
  amount: setting('amount'),
  stage: setting('stage'),
};

export const dealOperations: readonly HttpOperation[] = [
  {
    id: 'list_deals',
    label: 'List deals',
    summary: 'Reads deals of Acme, the one that changed longest ago first.',
    effect: 'read',
    input: listInput,
    output: z.array(deal),
    sample: [engines],
    call: acmeChanges('/deals'),
  },
  {
    id: 'create_deal',
    label: 'Create deal',
    summary: 'Adds a deal with a contact to Acme.',
    effect: 'keyed',
    input: z.strictObject(details),
    output: deal,
    sample: engines,
    call: { method: 'POST', path: '/deals', body: detailsBody },
  },
  {
    id: 'update_deal',
    label: 'Update deal',
    summary: 'Changes those details of a deal of Acme that are filled in.',
    effect: 'keyed',
    input: z.strictObject({
      dealId: z.string().min(1).max(60).meta({ title: 'Deal', placeholder: 'deal_4Mz9', choices: 'deals' }),
      ...z.strictObject(details).partial().shape,
    }),
    output: deal,
    sample: { ...engines, stage: 'won', updatedAt: '2026-01-15T09:31:00.000Z' },
    call: { method: 'PATCH', path: '/deals/{dealId}', body: detailsBody },
  },
];
