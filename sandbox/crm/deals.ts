import { full, withoutGaps } from '#sandbox/crm/contacts.ts';
import type { Crm } from '#sandbox/crm/crm.ts';
import { pipelineOf } from '#sandbox/crm/pipelines.ts';
import type { Deal, DealInput, DealPatch } from '#sandbox/crm/schemas.ts';
import { newId } from '#sandbox/new-id.ts';
import { invalid, notFound } from '#sandbox/problem.ts';
import { nextMoment } from '#sandbox/state/state.ts';

const MOST_DEALS = 2_000;

/** Adds a deal and tells who listens. Throws a `Problem`: 422 when there is no such contact, 409 when Acme is full. */
export function createDeal({ state, publish }: Crm, input: DealInput): Deal {
  if (state.deals.size >= MOST_DEALS) throw full('deals', MOST_DEALS);
  requireContact(state, input.contactId);
  const at = nextMoment(state);
  const deal: Deal = {
    id: newId('deal'),
    ...input,
    currency: 'EUR',
    pipelineId: pipelineOf(input.stage).id,
    createdAt: at,
    updatedAt: at,
  };
  state.deals.set(deal.id, deal);
  publish('deal.created', deal);
  return deal;
}

/** Changes what the patch names and tells who listens. Throws a `Problem`: 404, or 422 when there is no such contact. */
export function updateDeal({ state, publish }: Crm, id: string, patch: DealPatch): Deal {
  const before = findDeal(state, id);
  if (patch.contactId !== undefined) requireContact(state, patch.contactId);
  const changed = { ...before, ...withoutGaps(patch) };
  const deal: Deal = { ...changed, pipelineId: pipelineOf(changed.stage).id, updatedAt: nextMoment(state) };
  state.deals.set(id, deal);
  publish('deal.updated', deal);
  return deal;
}

/** Throws a `Problem` (404) when there is none. */
export function findDeal({ deals }: Crm['state'], id: string): Deal {
  const deal = deals.get(id);
  if (!deal) throw notFound('deal');
  return deal;
}

function requireContact({ contacts }: Crm['state'], id: string): void {
  if (!contacts.has(id)) throw invalid([{ field: 'contactId', message: 'is no contact' }]);
}
