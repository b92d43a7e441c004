import type { Delivery } from '#connectors/trigger-contract.ts';
import type { EventParts } from '#server/ingress/event-parts.ts';
import type { HookCase } from '#server/ingress/hook-case.ts';

/** A request as connectors read it. The body is parsed when it is asked for: not before it is known to be genuine, unless a handshake looks at it. */
export function deliveryOf({ request }: Pick<HookCase, 'request'>, parts: EventParts): Delivery {
  return {
    method: request.method,
    headers: request.headers.values,
    query: parts.query,
    get body() {
      return parts.body();
    },
  };
}
