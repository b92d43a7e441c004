import type {
  AppEvent,
  AppEventHandler,
  AppEventSource,
  TriggerHandlerDef,
} from '#connectors/trigger-contract.ts';
import { isJsonObject, type Json, type JsonObject } from '#core/json.ts';

export const hubspotTriggerHandlers: readonly TriggerHandlerDef[] = [
  { key: 'hubspot.contact_created@1', appEvent: taking('contact.creation') },
  { key: 'hubspot.contact_changed@1', appEvent: taking('contact.propertyChange') },
  { key: 'hubspot.company_created@1', appEvent: taking('company.creation') },
  { key: 'hubspot.deal_created@1', appEvent: taking('deal.creation') },
  { key: 'hubspot.deal_changed@1', appEvent: taking('deal.propertyChange') },
];

/** Newer subscriptions name every kind of record `object`, and the kind by its number. */
const KINDS: Readonly<Record<string, string>> = { '0-1': 'contact', '0-2': 'company', '0-3': 'deal' };

/** Webhooks of an app: up to 100 events of any of its accounts in one delivery, signed with the app's client secret (v3). */
export const hubspotEvents: AppEventSource = {
  connector: 'hubspot',
  setup: [
    'On the page of your HubSpot app, open Webhooks and paste the address shown here as Target URL.',
    'Create a subscription for each event that your flows need, such as contact.creation or deal.propertyChange, and activate it.',
    'Connect the account again if the app asks for more scopes since.',
  ],
  secret: 'client',
  signature: {
    header: 'x-hubspot-signature-v3',
    encoding: 'base64',
    timestampHeader: 'x-hubspot-request-timestamp',
    timestampUnit: 'milliseconds',
    template: '{method}{url}{body}{timestamp}',
  },
  read: ({ body }) => ({
    events: (Array.isArray(body) ? (body as readonly Json[]) : []).filter(isJsonObject).map((event) => ({
      key: keyOf(event),
      accounts: typeof event['portalId'] === 'number' ? [String(event['portalId'])] : [],
      body: event,
    })),
  }),
};

/** Their event ids may be given twice: what else tells events apart goes with them. */
function keyOf({
  portalId,
  subscriptionId,
  eventId,
  objectId,
  occurredAt,
  propertyName,
}: JsonObject): string {
  return JSON.stringify([portalId, subscriptionId, eventId, objectId, occurredAt, propertyName]);
}

function taking(type: string): AppEventHandler {
  return {
    wants: (event, { property }) => {
      const body = bodyOf(event);
      return typeOf(body) === type && (!property || body['propertyName'] === property);
    },
  };
}

function typeOf({ subscriptionType, objectTypeId }: JsonObject): string {
  const type = typeof subscriptionType === 'string' ? subscriptionType : '';
  const kind = typeof objectTypeId === 'string' ? KINDS[objectTypeId] : undefined;
  return kind === undefined ? type : type.replace(/^object\./, `${kind}.`);
}

function bodyOf({ body }: AppEvent): JsonObject {
  return isJsonObject(body) ? body : {};
}
