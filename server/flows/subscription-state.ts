import { findConnector } from '#connectors/definitions.ts';
import { findAppEventSource } from '#connectors/trigger-handlers.ts';
import type { FlowSummary } from '#core/api/flows.ts';
import type { StepError } from '#core/step-failure.ts';
import { fromStoredJson } from '#server/journal/stored-json.ts';
import type { SubscriptionSummary } from '#server/sql/select-flow-summaries.ts';
import { WAITING_CODES } from '#server/sql/subscription-rows.ts';

type State = NonNullable<FlowSummary['subscription']>;

/** How a subscription stands, for people. */
export function subscriptionState(row: SubscriptionSummary): State {
  const { registeredAt, expiresAt, nextAt, isAsked, isWanted } = row;
  const fault = fromStoredJson(row.fault) as StepError | null;
  if (!isAsked) return appState(row);
  return {
    status: isWanted ? statusOf(row, fault) : 'removing',
    app: appName(row),
    connection: row.connection,
    registeredAt: row.isRegistered ? registeredAt : null,
    expiresAt,
    nextAt,
    fault,
  };
}

function statusOf({ isRegistered, isOver }: SubscriptionSummary, fault: StepError | null): State['status'] {
  if (isRegistered && !isOver) return 'active';
  if (fault === null) return 'registering';
  return (WAITING_CODES as readonly string[]).includes(fault.code) ? 'waiting' : 'failed';
}

/** The events of an app come as soon as its address and its secret are known on both sides. */
function appState(row: SubscriptionSummary): State {
  const { connection, appSecret } = row;
  const id = appId(row);
  const isAppReady =
    appSecret === true || (appSecret !== null && findAppEventSource(id)?.secret === 'client');
  const label = appName(row);
  const message = `${label} does not send its events here yet. An admin sets that up under Connections, App events.`;
  return {
    status: isAppReady ? 'active' : 'waiting',
    app: label,
    connection,
    registeredAt: null,
    expiresAt: null,
    nextAt: null,
    fault: isAppReady ? null : { kind: 'invalid', code: 'app_not_set_up', message },
  };
}

function appId({ trigger }: SubscriptionSummary): string {
  return trigger.split('.')[0] ?? '';
}

/** An app that this Patchbay does not know any more is called by its id. */
function appName(row: SubscriptionSummary): string {
  return findConnector(appId(row))?.label ?? appId(row);
}
