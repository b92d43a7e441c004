import type { Json } from '#core/json.ts';
import { inClientTransaction } from '#server/db/client-transaction.ts';
import { recordValues } from '#server/drift/record-values.ts';
import { log } from '#server/log.ts';

/** Of one flow, one refused body in so long is looked at: senders repeat what is refused. */
const REST_MS = 5_000;
const MAX_KEPT = 1_000;
const lastNoted = new Map<string, number>();

/** Notes how a refused body departs, since it is stored nowhere. Returns at once; a failure only costs the note. */
export function noteRefused(
  { workspaceId, flowId, flowSlug }: { workspaceId: string; flowId: string; flowSlug: string },
  { version, body }: { readonly version: number; readonly body: Json },
): void {
  const now = performance.now();
  if (now - (lastNoted.get(flowId) ?? -Infinity) < REST_MS) return;
  if (lastNoted.size >= MAX_KEPT) lastNoted.clear();
  lastNoted.set(flowId, now);
  const key = { workspaceId, flowId, version, place: '' };
  inClientTransaction((client) => recordValues(client, key, [{ value: body, at: new Date() }])).catch(
    (error: unknown) => {
      log.warn({ part: 'drift', flow: flowSlug, err: error }, 'How a refused body departs was not noted');
    },
  );
}
