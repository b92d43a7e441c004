import { isAwaited } from '#server/captures/awaited-flows.ts';
import { pool } from '#server/db/pool.ts';
import type { AcceptedEvent, Outcome } from '#server/ingress/accepted-event.ts';
import { trackInProgress } from '#server/ingress/in-progress.ts';
import type { Refusal } from '#server/ingress/refusal.ts';
import { toStoredJson } from '#server/journal/stored-json.ts';
import { announceCapture } from '#server/live/flow-notices.ts';
import { log } from '#server/log.ts';
import { triggerValue } from '#server/runs/trigger-value.ts';
import { fillCaptures, noteRefusal, type ChangedCapture } from '#server/sql/captures.ts';

export interface Offer {
  readonly event: AcceptedEvent;
  /** The run that it began, or that began when it came first. */
  readonly runId: string | null;
  /** Unix time in milliseconds. */
  readonly receivedMs: number;
  /** Of a signature that a member's own connection was needed for: that member alone may see it. */
  readonly onlyFor?: string | undefined;
}

/** Gives stored events to whoever waits for them in an editor. Returns at once; a sender never waits for it, nor hears of its trouble. */
export function offerStored(
  events: readonly AcceptedEvent[],
  outcomes: readonly Outcome[],
  receivedMs: number,
): void {
  events.forEach((event, index) => {
    const outcome = outcomes[index];
    const runId = outcome?.kind === 'stored' ? outcome.runId : null;
    unlessItFails(() => offer({ event, runId, receivedMs }));
  });
}

/** As `offerStored`, of one event; resolves when it is done. Rejects when the database is away. */
export async function offer({ event, runId, receivedMs, onlyFor }: Offer): Promise<void> {
  if (!(await isAwaited(event.flowId))) return;
  const value = triggerValue({
    method: event.method,
    query: JSON.parse(event.query),
    headers: JSON.parse(event.headers),
    body: event.body,
    contentType: event.contentType,
    receivedAt: new Date(receivedMs),
  });
  const { flowId } = event;
  const filled = { flowId, event: toStoredJson(value), runId, onlyFor: onlyFor ?? null };
  tell(await fillCaptures(pool(), filled));
}

/** Refusals are told to the editor at this distance at most: whoever knows the address could send thousands. */
const TELL_EVERY_MS = 1_000;
const MAX_KEPT = 1_000;
const toldAt = new Map<string, number>();

/** Tells whoever waits that a delivery was not taken, and why. Returns at once. */
export function offerRefusal(flowId: string, { status, detail }: Refusal): void {
  unlessItFails(async () => {
    if (!(await isAwaited(flowId))) return;
    const now = performance.now();
    if (now - (toldAt.get(flowId) ?? -Infinity) < TELL_EVERY_MS) return;
    if (toldAt.size >= MAX_KEPT) toldAt.clear();
    toldAt.set(flowId, now);
    const message = status === 401 ? 'Its signature was missing, wrong or too old.' : detail;
    const refusal = JSON.stringify({ status, message, at: new Date().toISOString() });
    tell(await noteRefusal(pool(), { flowId, refusal }));
  });
}

function tell(changed: readonly ChangedCapture[]): void {
  for (const { id, workspaceId, flow } of changed) announceCapture({ workspaceId, flow }, id);
}

/** What is only shown to somebody must not become a fault of ingress. */
function unlessItFails(work: () => Promise<void>): void {
  void trackInProgress(work()).catch((error: unknown) =>
    log.warn({ err: error, part: 'captures' }, 'A delivery could not be shown to whoever waits for it'),
  );
}
