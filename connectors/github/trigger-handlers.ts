import { z } from 'zod';

import { isChosen } from '#connectors/kit/any-of.ts';
import { checkedReply } from '#connectors/kit/checked-reply.ts';
import { setting } from '#connectors/kit/http-call.ts';
import { triggerCall } from '#connectors/kit/trigger-call.ts';
import type { Delivery, SubscriptionHandler, TriggerHandlerDef } from '#connectors/trigger-contract.ts';
import { GITHUB_SIGNATURE } from '#connectors/vendor-signatures.ts';
import { isJsonObject, type JsonObject } from '#core/json.ts';
import { github } from './definition.ts';

const hook = z.looseObject({ id: z.int(), config: z.looseObject({ url: z.string().optional() }) });
const hooks = z.array(hook);
const PATH = '/repos/{repository+}/hooks';
/** GitHub sends up to 25 MB; larger deliveries than this are refused, which its list of deliveries shows. */
const MAX_BODY_BYTES = 10_485_760;

export const githubTriggerHandlers: readonly TriggerHandlerDef[] = [
  {
    key: 'github.push@1',
    subscription: repositoryHook(() => ['push'], isOnBranch),
  },
  { key: 'github.issue@1', subscription: repositoryHook(() => ['issues'], isChosenAction) },
  { key: 'github.pull_request@1', subscription: repositoryHook(() => ['pull_request'], isChosenAction) },
  { key: 'github.release@1', subscription: repositoryHook(() => ['release'], isChosenAction) },
  {
    key: 'github.event@1',
    subscription: repositoryHook(
      ({ events }) => events as readonly string[],
      () => true,
    ),
  },
];

function isOnBranch({ ref }: JsonObject, { branch }: JsonObject): boolean {
  return typeof branch !== 'string' || branch === '' || ref === `refs/heads/${branch}`;
}

function isChosenAction({ action }: JsonObject, { actions }: JsonObject): boolean {
  return isChosen(actions, action);
}

/** A webhook of one repository. GitHub signs with the secret that it is given, and says nothing of when it ends: it does not. */
function repositoryHook(
  eventsOf: (settings: JsonObject) => readonly string[],
  isWanted: (body: JsonObject, settings: JsonObject) => boolean,
): SubscriptionHandler {
  return {
    async register(context, { callbackUrl, settings, secret }) {
      const body = {
        name: 'web',
        active: true,
        events: setting('events'),
        config: {
          url: setting('callbackUrl'),
          content_type: 'json',
          insecure_ssl: '0',
          secret: setting('secret'),
        },
      };
      const { repository = null } = settings;
      const filled = { repository, callbackUrl, secret, events: [...eventsOf(settings)] };
      const reply = await triggerCall(
        github,
        { method: 'POST', path: PATH, body },
        { context, settings: filled },
      );
      return { remoteId: String(checkedReply(github.label, hook, reply).id) };
    },

    async remove(context, { remoteId, settings: { repository = null } }) {
      const call = { method: 'DELETE', path: `${PATH}/{remoteId}` } as const;
      await triggerCall(github, call, { context, settings: { repository, remoteId } });
    },

    async list(context, { repository = null }) {
      const paging = { kind: 'link', size: { name: 'per_page', most: 100 } } as const;
      const call = { method: 'GET', path: PATH, paging } as const;
      const reply = await triggerCall(github, call, { context, settings: { repository, limit: 1_000 } });
      return checkedReply(github.label, hooks, reply).map(({ id, config }) => ({
        remoteId: String(id),
        callbackUrl: config.url ?? '',
      }));
    },

    delivery: {
      signature: GITHUB_SIGNATURE,
      maxBodyBytes: MAX_BODY_BYTES,
      read: (delivery, settings) => {
        const name = delivery.headers['x-github-event'] ?? '';
        const { body } = delivery;
        if (!eventsOf(settings).includes(name) || !isJsonObject(body) || !isWanted(body, settings))
          return { events: [] };
        return { events: [{ key: keyOf(delivery) }] };
      },
    },
  };
}

function keyOf({ headers }: Delivery): string | null {
  return headers['x-github-delivery'] ?? null;
}
