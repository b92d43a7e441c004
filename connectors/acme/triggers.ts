import { z } from 'zod';

import { appTriggers } from '#connectors/kit/app-trigger.ts';
import type { Json } from '#core/json.ts';

const moment = '2026-01-15T09:30:00.000Z';

const contact = {
  id: 'con_7Hq2',
  name: 'Ada Lovelace',
  email: 'ada@example.com',
  company: 'Analytical Engines',
  phone: null,
  createdAt: moment,
  updatedAt: moment,
};

const deal = {
  id: 'dea_4Kw9',
  contactId: 'con_7Hq2',
  title: 'Difference engine',
  amount: 1_200,
  currency: 'EUR',
  pipelineId: 'pip_sales',
  stage: 'new',
  createdAt: moment,
  updatedAt: moment,
};

const shared = {
  input: z.strictObject({}),
  output: z.looseObject({
    id: z.string(),
    type: z.string(),
    createdAt: z.string(),
    data: z.looseObject({ id: z.string() }),
  }),
};

/** The events of Acme that flows begin with. */
export const acmeTriggers = appTriggers({ connector: 'acme', delivery: 'subscription' }, [
  {
    ...shared,
    id: 'contact_created',
    label: 'Contact created',
    summary: 'Starts a run when somebody adds a contact to Acme.',
    sample: eventOf('contact.created', contact),
  },
  {
    ...shared,
    id: 'contact_updated',
    label: 'Contact updated',
    summary: 'Starts a run when a contact of Acme changes.',
    sample: eventOf('contact.updated', contact),
  },
  {
    ...shared,
    id: 'deal_created',
    label: 'Deal created',
    summary: 'Starts a run when somebody adds a deal to Acme.',
    sample: eventOf('deal.created', deal),
  },
  {
    ...shared,
    id: 'deal_updated',
    label: 'Deal updated',
    summary: 'Starts a run when a deal of Acme changes, as when it reaches another stage.',
    sample: eventOf('deal.updated', deal),
  },
]);

function eventOf(type: string, data: Json): Json {
  return { id: 'evt_91Zc', type, createdAt: moment, data };
}
