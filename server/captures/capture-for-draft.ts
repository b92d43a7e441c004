import type { IncomingMessage } from 'node:http';

import { isAwaited } from '#server/captures/awaited-flows.ts';
import { offer, offerRefusal } from '#server/captures/offer-events.ts';
import { checkRequest } from '#server/ingress/check-request.ts';
import type { Hook } from '#server/ingress/find-hook.ts';
import type { HeldBytes } from '#server/ingress/held-bytes.ts';
import type { HookRequest } from '#server/ingress/hook-request.ts';
import { judge } from '#server/ingress/judge.ts';
import { readBody } from '#server/ingress/read-body.ts';
import { tooLarge, type Refusal } from '#server/ingress/refusal.ts';
import { signingConnection } from '#server/ingress/signing-connection.ts';
import { triggerOfDraft } from '#server/ingress/trigger-settings.ts';
import { log } from '#server/log.ts';

/** A request to the hook of a flow that is not published. */
export interface DraftDelivery {
  readonly hook: Hook;
  readonly line: HookRequest;
  readonly held: HeldBytes;
}

/**
 * Gives what is sent to an unpublished flow to whoever waits for it in the editor, if the trigger of the draft would take it, its
 * signature included. With nobody there, the body is not even read. The sender is answered as ever, that the flow is not published.
 */
export async function captureForDraft(request: IncomingMessage, delivery: DraftDelivery): Promise<void> {
  const { flowId } = delivery.hook;
  try {
    if (!(await isAwaited(flowId))) return;
    const refusal = await capture(request, delivery);
    if (refusal) offerRefusal(flowId, refusal);
  } catch (error) {
    log.warn(
      { err: error, part: 'captures', flowId },
      'A delivery to a draft could not be shown to whoever waits for it',
    );
  }
}

/** Why the draft would not take it; null when it was taken, or when its sender or its trigger went away. */
async function capture(
  request: IncomingMessage,
  { hook, line, held }: DraftDelivery,
): Promise<Refusal | null> {
  const trigger = await triggerOfDraft(hook.flowId);
  if (!trigger) return null;
  const { connectionSlug } = trigger;
  const connection =
    connectionSlug === null ? null : await signingConnection(hook.workspaceId, connectionSlug);
  const published = {
    versionId: '',
    versionNumber: 0,
    trigger,
    connection,
    subscriptions: null,
    learned: null,
  };
  const asked = { ...hook, published };
  const fault = checkRequest(asked, line);
  if (fault) return fault;
  const { maxBodyBytes } = trigger.settings;
  const body = await readBody(request, maxBodyBytes, held);
  if (body === 'too_large') return tooLarge(maxBodyBytes);
  if (!Buffer.isBuffer(body)) return null;
  const verdict = await judge({ hook: asked, published, request: line, body });
  if (verdict.kind === 'refuse') return verdict.refusal;
  if (verdict.kind === 'answer') return null;
  const [event] = verdict.events;
  if (event) await offer({ event, runId: null, receivedMs: line.nowMs, onlyFor: connection?.onlyFor });
  return null;
}
