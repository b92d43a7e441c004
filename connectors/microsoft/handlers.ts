import type { HandlerDef } from '#connectors/handle-action.ts';
import { httpHandlers } from '#connectors/kit/http-handlers.ts';
import type { Json } from '#core/json.ts';
import { microsoft } from './definition.ts';

export const microsoftHandlers: readonly HandlerDef[] = httpHandlers(microsoft, {
  encodings: {
    recipients: (addresses) => each(addresses, (address) => ({ emailAddress: { address } })),
    attendees: (addresses) => each(addresses, (address) => ({ type: 'required', emailAddress: { address } })),
  },
});

function each(list: Json, write: (item: Json) => Json): Json {
  return Array.isArray(list) ? (list as readonly Json[]).map(write) : [];
}
