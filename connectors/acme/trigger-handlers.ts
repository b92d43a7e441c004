import { z } from 'zod';

import { checkedReply } from '#connectors/kit/checked-reply.ts';
import { setting } from '#connectors/kit/http-call.ts';
import { triggerCall } from '#connectors/kit/trigger-call.ts';
import type { SubscriptionHandler, TriggerHandlerDef } from '#connectors/trigger-contract.ts';
import { isJsonObject } from '#core/json.ts';
import { acme } from './definition.ts';

const webhook = z.looseObject({
  id: z.string(),
  url: z.string(),
  expiresAt: z.iso.datetime().transform((text) => Date.parse(text)),
});
const newWebhook = webhook.extend({ secret: z.string() });
const webhookList = z.looseObject({ data: z.array(webhook) });

export const acmeTriggerHandlers: readonly TriggerHandlerDef[] = [
  { key: 'acme.contact_created@1', subscription: subscriptionTo('contact.created') },
  { key: 'acme.contact_updated@1', subscription: subscriptionTo('contact.updated') },
  { key: 'acme.deal_created@1', subscription: subscriptionTo('deal.created') },
  { key: 'acme.deal_updated@1', subscription: subscriptionTo('deal.updated') },
];

function subscriptionTo(type: string): SubscriptionHandler {
  return {
    async register(context, { callbackUrl }) {
      const body = { url: setting('callbackUrl'), events: [type] };
      const call = { method: 'POST', path: '/webhooks', body } as const;
      const reply = await triggerCall(acme, call, { context, settings: { callbackUrl } });
      const { id, secret, expiresAt } = checkedReply(acme.label, newWebhook, reply);
      return { remoteId: id, secret, expiresAt };
    },

    async renew(context, { remoteId }) {
      const call = { method: 'POST', path: '/webhooks/{remoteId}/renew' } as const;
      const reply = await triggerCall(acme, call, { context, settings: { remoteId } });
      return { expiresAt: checkedReply(acme.label, webhook, reply).expiresAt };
    },

    async remove(context, { remoteId }) {
      const call = { method: 'DELETE', path: '/webhooks/{remoteId}' } as const;
      await triggerCall(acme, call, { context, settings: { remoteId } });
    },

    async list(context) {
      const reply = await triggerCall(acme, { method: 'GET', path: '/webhooks' }, { context });
      const { data } = checkedReply(acme.label, webhookList, reply);
      return data.map(({ id, url, expiresAt }) => ({ remoteId: id, callbackUrl: url, expiresAt }));
    },

    delivery: {
      signature: {
        header: 'acme-signature',
        pairs: { timestamp: 't', signature: 'v1' },
        template: '{timestamp}.{body}',
      },
      read: ({ headers, body }) => {
        const isWanted = isJsonObject(body) && body['type'] === type;
        return { events: isWanted ? [{ key: headers['acme-event-id'] ?? null }] : [] };
      },
    },
  };
}
