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
  const { connection, registeredAt, expiresAt, nextAt, isAsked, isWanted } = row;
  const fault = fromStoredJson(row.fault) as StepError | null;
  if (!isAsked) return appState(row);
  return {
    status: isWanted ? statusOf(row, fault) : 'removing',
    connection,
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
function appState({ connection, appSecret, trigger }: SubscriptionSummary): State {
  const id = trigger.split('.')[0] ?? '';
  const isAppReady =
    appSecret === true || (appSecret !== null && findAppEventSource(id)?.secret === 'client');
  const label = findConnector(id)?.label ?? id;
  const message = `${label} does not send its events here yet. An admin sets that up under Connections, App events.`;
  return {
    status: isAppReady ? 'active' : 'waiting',
    connection,
    registeredAt: null,
    expiresAt: null,
    nextAt: null,
    fault: isAppReady ? null : { kind: 'invalid', code: 'app_not_set_up', message },
  };
}
