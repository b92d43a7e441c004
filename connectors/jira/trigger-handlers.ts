import { z } from 'zod';

import { checkedReply } from '#connectors/kit/checked-reply.ts';
import { setting } from '#connectors/kit/http-call.ts';
import { triggerCall } from '#connectors/kit/trigger-call.ts';
import type { SubscriptionHandler, TriggerHandlerDef } from '#connectors/trigger-contract.ts';
import { isJsonObject } from '#core/json.ts';
import { StepFailure } from '#core/step-failure.ts';
import { jira } from './definition.ts';

/** They end after 30 days; the registration does not say so. */
const LIFE_MS = 30 * 86_400_000;
const PATH = '/ex/jira/{site}/rest/api/3/webhook';

const registration = z.looseObject({
  webhookRegistrationResult: z
    .array(z.looseObject({ createdWebhookId: z.int().optional(), errors: z.array(z.string()).optional() }))
    .min(1),
});
const moment = z.string().transform((text) => Date.parse(text));
const refreshed = z.looseObject({ expirationDate: moment });
const webhooks = z.array(
  z.looseObject({ id: z.int(), url: z.string().optional(), expirationDate: moment.optional() }),
);

export const jiraTriggerHandlers: readonly TriggerHandlerDef[] = [
  { key: 'jira.issue_created@1', subscription: webhookFor('jira:issue_created') },
  { key: 'jira.issue_updated@1', subscription: webhookFor('jira:issue_updated') },
  { key: 'jira.comment_created@1', subscription: webhookFor('comment_created') },
];

/** A dynamic webhook, which belongs to the app and the user. Jira shows who it is by a token signed with the app's client secret. */
function webhookFor(event: string): SubscriptionHandler {
  return {
    async register(context, { callbackUrl, settings }) {
      const body = {
        url: setting('callbackUrl'),
        webhooks: [{ events: [event], jqlFilter: setting('jql') }],
      };
      const call = { method: 'POST', path: PATH, body } as const;
      const reply = await triggerCall(jira, call, { context, settings: { ...settings, callbackUrl } });
      const [result] = checkedReply(jira.label, registration, reply).webhookRegistrationResult;
      if (result?.createdWebhookId === undefined) throw refused(result?.errors ?? []);
      return { remoteId: String(result.createdWebhookId), expiresAt: context.now + LIFE_MS };
    },

    async renew(context, { remoteId, settings: { site = null } }) {
      const call = {
        method: 'PUT',
        path: `${PATH}/refresh`,
        body: { webhookIds: [Number(remoteId)] },
      } as const;
      const reply = await triggerCall(jira, call, { context, settings: { site } });
      return { expiresAt: checkedReply(jira.label, refreshed, reply).expirationDate };
    },

    async remove(context, { remoteId, settings: { site = null } }) {
      const call = { method: 'DELETE', path: PATH, body: { webhookIds: [Number(remoteId)] } } as const;
      await triggerCall(jira, call, { context, settings: { site } });
    },

    async list(context, { site = null }) {
      const paging = { kind: 'offset', name: 'startAt', size: { name: 'maxResults', most: 100 } } as const;
      const call = { method: 'GET', path: PATH, pick: '/values', paging } as const;
      const reply = await triggerCall(jira, call, { context, settings: { site, limit: 1_000 } });
      return checkedReply(jira.label, webhooks, reply).map(({ id, url = '', expirationDate }) => ({
        remoteId: String(id),
        callbackUrl: url,
        expiresAt: expirationDate,
      }));
    },

    delivery: {
      signature: { token: { header: 'authorization' } },
      signedWith: 'client',
      read: ({ headers, body }) => {
        const isWanted = isJsonObject(body) && body['webhookEvent'] === event;
        return { events: isWanted ? [{ key: headers['x-atlassian-webhook-identifier'] ?? null }] : [] };
      },
    },
  };
}

function refused(errors: readonly string[]): StepFailure {
  const why = errors.join(' ') || 'it does not say why';
  const message = `Jira refused the webhook: ${why}. Check the query, and that the address of this Patchbay is the one of the app's callback URL.`;
  return new StepFailure({ kind: 'invalid', code: 'vendor_refused', message, pointer: '/config/jql' });
}
