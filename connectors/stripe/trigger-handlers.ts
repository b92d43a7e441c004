import { z } from 'zod';

import { checkedReply } from '#connectors/kit/checked-reply.ts';
import { setting } from '#connectors/kit/http-call.ts';
import { triggerCall } from '#connectors/kit/trigger-call.ts';
import type { SubscriptionHandler, TriggerHandlerDef } from '#connectors/trigger-contract.ts';
import { STRIPE_SIGNATURE } from '#connectors/vendor-signatures.ts';
import { isJsonObject, type JsonObject } from '#core/json.ts';
import { stripe } from './definition.ts';

const endpoint = z.looseObject({ id: z.string(), url: z.string() });
const newEndpoint = endpoint.extend({ secret: z.string() });
const PATH = '/v1/webhook_endpoints';

export const stripeTriggerHandlers: readonly TriggerHandlerDef[] = [
  { key: 'stripe.checkout_completed@1', subscription: endpointFor(() => ['checkout.session.completed']) },
  { key: 'stripe.payment_succeeded@1', subscription: endpointFor(() => ['payment_intent.succeeded']) },
  { key: 'stripe.invoice_paid@1', subscription: endpointFor(() => ['invoice.paid']) },
  {
    key: 'stripe.subscription_changed@1',
    subscription: endpointFor(() => [
      'customer.subscription.created',
      'customer.subscription.updated',
      'customer.subscription.deleted',
    ]),
  },
  { key: 'stripe.event@1', subscription: endpointFor(({ events }) => events as readonly string[]) },
];

/** A webhook endpoint of the account. Stripe makes its secret, and shows it once. */
function endpointFor(typesOf: (settings: JsonObject) => readonly string[]): SubscriptionHandler {
  return {
    async register(context, { callbackUrl, settings }) {
      const body = {
        url: setting('callbackUrl'),
        enabled_events: setting('types'),
        description: 'Made by Patchbay, which takes it back when the flow goes off the air.',
      };
      const filled = { callbackUrl, types: [...typesOf(settings)] };
      const call = { method: 'POST', path: PATH, bodyType: 'form', body } as const;
      const reply = await triggerCall(stripe, call, { context, settings: filled });
      const { id, secret } = checkedReply(stripe.label, newEndpoint, reply);
      return { remoteId: id, secret };
    },

    async remove(context, { remoteId }) {
      await triggerCall(
        stripe,
        { method: 'DELETE', path: `${PATH}/{remoteId}` },
        { context, settings: { remoteId } },
      );
    },

    async list(context) {
      const paging = {
        kind: 'last_item',
        name: 'starting_after',
        id: '/id',
        more: '/has_more',
        size: { name: 'limit', most: 100 },
      } as const;
      const call = { method: 'GET', path: PATH, pick: '/data', paging } as const;
      const reply = await triggerCall(stripe, call, { context, settings: { limit: 1_000 } });
      const found = checkedReply(stripe.label, z.array(endpoint), reply);
      return found.map(({ id, url }) => ({ remoteId: id, callbackUrl: url }));
    },

    delivery: {
      signature: STRIPE_SIGNATURE,
      read: ({ body }, settings) => {
        if (!isJsonObject(body) || typeof body['type'] !== 'string') return { events: [] };
        const isWanted = typesOf(settings).includes(body['type']);
        return { events: isWanted ? [{ key: typeof body['id'] === 'string' ? body['id'] : null }] : [] };
      },
    },
  };
}
