import type { JsonObject } from '../json.ts';

const AT = '2026-01-15T09:30:00.000Z';

/** One of the contacts that Acme begins with, so that what a trial does with it works. */
const MARA: JsonObject = {
  id: 'con_sample1',
  name: 'Mara Lindqvist',
  email: 'mara@nordlicht.example',
  company: 'Nordlicht Lamps',
  phone: '+46 8 555 0101',
  createdAt: AT,
  updatedAt: AT,
};

/** An event of Acme about that contact. */
export const CONTACT_CREATED: JsonObject = {
  id: 'evt_1',
  type: 'contact.created',
  createdAt: AT,
  data: MARA,
};
export const CONTACT_UPDATED: JsonObject = { ...CONTACT_CREATED, type: 'contact.updated' };

/** An event about one of the deals that Acme begins with. */
export function dealEvent(type: 'deal.created' | 'deal.updated', changes: JsonObject = {}): JsonObject {
  const deal = {
    id: 'deal_sample1',
    contactId: 'con_sample1',
    title: 'Lamps for forty shops',
    amount: 18_400,
    currency: 'EUR',
    pipelineId: 'sales',
    stage: 'proposal',
    createdAt: AT,
    updatedAt: AT,
  };
  return { id: 'evt_2', type, createdAt: AT, data: { ...deal, ...changes } };
}
