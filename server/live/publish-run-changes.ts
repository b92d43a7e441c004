import { pool } from '#server/db/pool.ts';
import { MAX_PAYLOAD_BYTES, RUN_CHANNEL, type RunNotice } from '#server/live/channel.ts';
import { log } from '#server/log.ts';

/** At most 20 notifications a second: a NOTIFY holds a lock of the whole database through its commit. */
const INTERVAL_MS = 50;
/** Beyond this many in one interval the oldest go unannounced; readers re-read every second anyway. */
const MAX_PENDING = 2_000;

interface Outbox {
  readonly pending: Map<string, RunNotice>;
  timer: NodeJS.Timeout | undefined;
  sending: Promise<void>;
  lastSentAt: number;
}
const holder = globalThis as typeof globalThis & { patchbayRunOutbox?: Outbox };

/**
 * Announces runs that changed. Call it after the commit; it returns at once. The first change after a pause goes out
 * immediately, those of the next 50 ms together; of several changes of one run only the last is told.
 */
export function publishRunChanges(changes: readonly RunNotice[]): void {
  const outbox = theOutbox();
  for (const change of changes) {
    outbox.pending.delete(change.id);
    outbox.pending.set(change.id, change);
  }
  dropOldest(outbox.pending);
  if (outbox.pending.size > 0) schedule(outbox);
}

/** Sends what is pending; for the end of a process. */
export async function flushRunChanges(): Promise<void> {
  const outbox = theOutbox();
  send(outbox);
  await outbox.sending;
}

function theOutbox(): Outbox {
  holder.patchbayRunOutbox ??= {
    pending: new Map(),
    timer: undefined,
    sending: Promise.resolve(),
    lastSentAt: 0,
  };
  return holder.patchbayRunOutbox;
}

function dropOldest(pending: Map<string, RunNotice>): void {
  for (const id of pending.keys()) {
    if (pending.size <= MAX_PENDING) return;
    pending.delete(id);
  }
}

function schedule(outbox: Outbox): void {
  if (outbox.timer) return;
  const waitMs = Math.max(0, outbox.lastSentAt + INTERVAL_MS - performance.now());
  outbox.timer = setTimeout(() => send(outbox), waitMs);
}

function send(outbox: Outbox): void {
  clearTimeout(outbox.timer);
  outbox.timer = undefined;
  if (outbox.pending.size === 0) return;
  const payloads = toPayloads([...outbox.pending.values()]);
  outbox.pending.clear();
  outbox.lastSentAt = performance.now();
  outbox.sending = outbox.sending.then(() => notify(payloads));
}

async function notify(payloads: readonly string[]): Promise<void> {
  try {
    await pool().query({
      name: 'live_notify',
      text: 'select pg_notify($1, payload) from unnest($2::text[]) as payload',
      values: [RUN_CHANNEL, payloads],
    });
  } catch (error) {
    // Only a hint is lost: readers poll as well.
    log.debug({ err: error, part: 'live' }, 'run changes were not announced');
  }
}

/** JSON lists, each small enough for one NOTIFY. */
export function toPayloads(changes: readonly RunNotice[]): string[] {
  const payloads: string[] = [];
  let items: string[] = [];
  let bytes = 2;
  for (const { id, workspaceId, flow, status } of changes) {
    const item = JSON.stringify({ id, workspaceId, flow, status });
    const itemBytes = Buffer.byteLength(item) + 1;
    if (items.length > 0 && bytes + itemBytes > MAX_PAYLOAD_BYTES) {
      payloads.push(`[${items.join(',')}]`);
      items = [];
      bytes = 2;
    }
    items.push(item);
    bytes += itemBytes;
  }
  if (items.length > 0) payloads.push(`[${items.join(',')}]`);
  return payloads;
}
