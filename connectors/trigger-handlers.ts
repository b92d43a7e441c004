import { acmeTriggerHandlers } from './acme/trigger-handlers.ts';
import { githubTriggerHandlers } from './github/trigger-handlers.ts';
import { gmailTriggerHandlers } from './gmail/trigger-handlers.ts';
import { googleSheetsTriggerHandlers } from './google-sheets/trigger-handlers.ts';
import { hubspotEvents, hubspotTriggerHandlers } from './hubspot/trigger-handlers.ts';
import { jiraTriggerHandlers } from './jira/trigger-handlers.ts';
import { notionEvents, notionTriggerHandlers } from './notion/trigger-handlers.ts';
import { slackEvents, slackTriggerHandlers } from './slack/trigger-handlers.ts';
import { stripeTriggerHandlers } from './stripe/trigger-handlers.ts';
import type {
  AppEventHandler,
  AppEventSource,
  PollHandler,
  SubscriptionHandler,
  TriggerHandlerDef,
} from './trigger-contract.ts';

/** The handlers of every trigger that a connector brings. For the server alone: the browser knows definitions only. */
export const TRIGGER_HANDLERS: readonly TriggerHandlerDef[] = [
  ...acmeTriggerHandlers,
  ...githubTriggerHandlers,
  ...slackTriggerHandlers,
  ...stripeTriggerHandlers,
  ...jiraTriggerHandlers,
  ...hubspotTriggerHandlers,
  ...notionTriggerHandlers,
  ...gmailTriggerHandlers,
  ...googleSheetsTriggerHandlers,
];

/** The apps that send the events of all their accounts to one address. */
export const APP_EVENT_SOURCES: readonly AppEventSource[] = [slackEvents, hubspotEvents, notionEvents];

/** The triggers whose events come to the address of an app. */
export const APP_EVENT_TRIGGERS: readonly string[] = TRIGGER_HANDLERS.filter(
  (handlers) => 'appEvent' in handlers,
).map(({ key }) => key);

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
export function findAppEventHandler(key: string): AppEventHandler | undefined {
  const found = byKey.get(key);
  return found && 'appEvent' in found ? found.appEvent : undefined;
}

/** Undefined where the trigger's events come another way. */
export function findPollHandler(key: string): PollHandler | undefined {
  const found = byKey.get(key);
  return found && 'poll' in found ? found.poll : undefined;
}

/** Undefined for a connector whose app sends no events. */
export function findAppEventSource(connector: string): AppEventSource | undefined {
  return APP_EVENT_SOURCES.find((source) => source.connector === connector);
}
