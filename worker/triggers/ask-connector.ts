import type { PollHandler } from '#connectors/trigger-contract.ts';
import type { Json, JsonObject } from '#core/json.ts';
import { asKey } from '#server/ingress/dedupe-key.ts';
import type { Account } from '#worker/calls/open-account.ts';
import type { Redaction } from '#worker/redact.ts';
import type { PollJob } from '#worker/triggers/poll-lease.ts';
import {
  invalid,
  requireFewItems,
  requireSmallCursor,
  type PolledItems,
} from '#worker/triggers/polled-items.ts';

/** Has a connector's trigger ask its provider what is new. Throws `StepFailure`. */
export async function askConnector(
  { handler, settings }: { readonly handler: PollHandler; readonly settings: JsonObject },
  { row, timeoutMs, askedAt }: PollJob,
  {
    account: { connection, http },
    signal,
    redaction,
  }: { readonly account: Account; readonly signal: AbortSignal; readonly redaction: Redaction },
): Promise<PolledItems> {
  if (!connection) throw invalid('connection_missing', 'The trigger names no connection. Choose one.', []);
  const context = { http, connection, signal, timeoutMs, now: askedAt.getTime() };
  const polled = await handler.poll(context, { settings, cursor: row.cursor });
  requireFewItems(polled.items.length);
  requireSmallCursor(polled.cursor);
  const items = new Map<string, Json>();
  for (const { key, body } of polled.items) {
    const kept = asKey(redaction.apply(key));
    if (kept === null) throw new Error('An item that a connector listed has no key.');
    if (!items.has(kept)) items.set(kept, redaction.apply(body));
  }
  return {
    items,
    found: polled.items.length,
    cursor: redaction.apply(polled.cursor),
    hasMore: polled.more === true,
  };
}
