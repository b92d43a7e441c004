import type { IncomingMessage, ServerResponse } from 'node:http';

import type { WebhookSettings } from '#connectors/core/webhook.ts';
import { crashPoint } from '#server/crash-point.ts';
import type { Outcome } from '#server/ingress/accepted-event.ts';
import { sendFlowReply } from '#server/ingress/send-flow-reply.ts';
import { sendJson } from '#server/ingress/send-reply.ts';
import { waitForRunEnd, type EndedRun } from '#server/live/wait-for-run-end.ts';

/** A committed event and how its sender wants to be answered. */
export interface StoredEvent {
  readonly eventId: string;
  /** Null when the event was quarantined. */
  readonly runId: string | null;
  readonly isDuplicate: boolean;
  readonly settings: WebhookSettings;
}

/** Answers for a stored event: 202 at once, or what the flow answers once its run gets there. */
export async function sendAccepted(
  request: IncomingMessage,
  response: ServerResponse,
  stored: StoredEvent,
): Promise<void> {
  const { eventId, runId, settings } = stored;
  if (settings.respond === 'accepted' || runId === null) {
    sendJson(response, 202, acceptedBody(stored));
    crashPoint('ingress.after_reply');
    return;
  }
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const timeoutMs = settings.respondTimeoutSeconds * 1_000;
  const run = await waitForRunEnd(runId, { timeoutMs, signal: gone.signal, until: 'reply' });
  if (gone.signal.aborted || request.socket.destroyed) return;
  if (run) sendEnd(response, run, stored);
  else sendTimeout(response, { eventId, runId }, settings.respondTimeoutSeconds);
}

/** Answers a provider's delivery of several events, or of none that is wanted. */
export function sendDelivered(response: ServerResponse, outcomes: readonly Outcome[]): void {
  const events = outcomes.flatMap((outcome) => (outcome.kind === 'stored' ? [acceptedBody(outcome)] : []));
  sendJson(response, 202, { events });
  crashPoint('ingress.after_reply');
}

function acceptedBody({
  eventId,
  runId,
  isDuplicate,
}: Pick<StoredEvent, 'eventId' | 'runId' | 'isDuplicate'>) {
  return { eventId, runId, ...(isDuplicate ? { duplicate: true } : {}) };
}

/** What `core.respond` set; without one, the output of a run that succeeded. Why a run failed is not the sender's business. */
function sendEnd(response: ServerResponse, run: EndedRun, { eventId, isDuplicate }: StoredEvent): void {
  const ids = {
    'Patchbay-Event-Id': eventId,
    'Patchbay-Run-Id': run.id,
    ...(isDuplicate ? { 'Patchbay-Duplicate': 'true' } : {}),
  };
  if (run.reply) sendFlowReply(response, run.reply, ids);
  else if (run.status === 'succeeded')
    sendFlowReply(response, { status: 200, headers: {}, body: run.output }, ids);
  else sendJson(response, 500, { eventId, runId: run.id, status: run.status });
}

function sendTimeout(
  response: ServerResponse,
  ids: { eventId: string; runId: string },
  seconds: number,
): void {
  const detail = `The run did not answer within ${seconds} s. It goes on.`;
  sendJson(response, 504, { type: 'about:blank', title: 'No answer yet', status: 504, detail, ...ids });
}
