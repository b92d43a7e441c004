import { acmeTriggerHandlers } from './acme/trigger-handlers.ts';
import type { PollHandler, SubscriptionHandler, TriggerHandlerDef } from './trigger-contract.ts';

/** The handlers of every trigger that a connector brings. For the server alone: the browser knows definitions only. */
export const TRIGGER_HANDLERS: readonly TriggerHandlerDef[] = [...acmeTriggerHandlers];

const byKey = new Map(TRIGGER_HANDLERS.map((handlers) => [handlers.key, handlers]));

/** A trigger as the registry of handlers and the table of subscriptions name it. */
export function triggerKey({ type, version }: { readonly type: string; readonly version: number }): string {
  return `${type}@${version}`;
}

/** Undefined where the trigger's events come another way. */
export function findSubscriptionHandler(key: string): SubscriptionHandler | undefined {
  const found = byKey.get(key);
  return found && 'subscription' in found ? found.subscription : undefined;
}

/** Undefined where the trigger's events come another way. */
export function findPollHandler(key: string): PollHandler | undefined {
  const found = byKey.get(key);
  return found && 'poll' in found ? found.poll : undefined;
}
