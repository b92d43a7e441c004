import { z } from 'zod';

import { appTriggers } from '#connectors/kit/app-trigger.ts';
import type { JsonObject } from '#core/json.ts';

const none = z.strictObject({});

const changed = z.strictObject({
  property: z.string().max(100).optional().meta({
    title: 'Property',
    help: 'By its internal name. Left empty: any that the app is subscribed to.',
    placeholder: 'lifecyclestage',
    expression: false,
  }),
});

const output = z.looseObject({
  objectId: z.int(),
  portalId: z.int(),
  subscriptionType: z.string(),
  occurredAt: z.number(),
});

const note = 'HubSpot sends ids, not the record: read it with the next step.';

/** What happens in an account of HubSpot. */
export const hubspotTriggers = appTriggers({ connector: 'hubspot', delivery: 'app_event' }, [
  {
    id: 'contact_created',
    label: 'Contact created',
    summary: 'Starts a run when a contact is added to HubSpot.',
    input: none,
    output,
    sample: eventOf('contact.creation', {}),
    note,
  },
  {
    id: 'contact_changed',
    label: 'Contact changed',
    summary: 'Starts a run when a property of a contact of HubSpot changes.',
    input: changed,
    output,
    sample: eventOf('contact.propertyChange', { propertyName: 'lifecyclestage', propertyValue: 'customer' }),
    note,
  },
  {
    id: 'company_created',
    label: 'Company created',
    summary: 'Starts a run when a company is added to HubSpot.',
    input: none,
    output,
    sample: eventOf('company.creation', {}),
    note,
  },
  {
    id: 'deal_created',
    label: 'Deal created',
    summary: 'Starts a run when a deal is added to HubSpot.',
    input: none,
    output,
    sample: eventOf('deal.creation', {}),
    note,
  },
  {
    id: 'deal_changed',
    label: 'Deal changed',
    summary: 'Starts a run when a property of a deal of HubSpot changes.',
    input: changed,
    output,
    sample: eventOf('deal.propertyChange', { propertyName: 'dealstage', propertyValue: 'closedwon' }),
    note,
  },
]);

function eventOf(subscriptionType: string, rest: JsonObject): JsonObject {
  return {
    eventId: 100,
    subscriptionId: 2_001,
    portalId: 62_515,
    appId: 54_321,
    occurredAt: 1_768_469_400_000,
    subscriptionType,
    attemptNumber: 0,
    objectId: 123,
    ...rest,
  };
}
