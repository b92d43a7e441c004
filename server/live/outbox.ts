import { pool } from '#server/db/pool.ts';
import { MAX_PAYLOAD_BYTES, type Channel } from '#server/live/channel.ts';
import { log } from '#server/log.ts';

/** At most 20 notifications a second: a NOTIFY holds a lock of the whole database through its commit. */
const INTERVAL_MS = 50;
/** Beyond this many in one interval the oldest go unannounced; readers re-read every second anyway. */
const MAX_PENDING = 2_000;

interface Outbox {
  readonly channel: string;
  readonly pending: Map<string, unknown>;
  timer: NodeJS.Timeout | undefined;
  sending: Promise<void>;
  lastSentAt: number;
}
const holder = globalThis as typeof globalThis & { patchbayOutboxes?: Map<string, Outbox> };

/**
 * Tells notices to whoever subscribed to a channel, in every process. Call it after the commit; it returns at once. The
 * first notice after a pause goes out immediately, those of the next 50 ms together; of several notices with one key
 * only the last is told.
 */
export function announce<T>(channel: Channel<T>, notices: Iterable<readonly [key: string, notice: T]>): void {
  const outbox = outboxOf(channel.name);
  for (const [key, notice] of notices) {
    outbox.pending.delete(key);
    outbox.pending.set(key, notice);
  }
  dropOldest(outbox.pending);
  if (outbox.pending.size > 0) schedule(outbox);
}

/** Sends what is pending on all channels; for the end of a process. */
export async function flushNotices(): Promise<void> {
  const outboxes = [...(holder.patchbayOutboxes?.values() ?? [])];
  outboxes.forEach(send);
  await Promise.all(outboxes.map(({ sending }) => sending));
}

function outboxOf(channel: string): Outbox {
  holder.patchbayOutboxes ??= new Map();
  const known = holder.patchbayOutboxes.get(channel);
  if (known) return known;
  const outbox: Outbox = {
    channel,
    pending: new Map(),
    timer: undefined,
    sending: Promise.resolve(),
    lastSentAt: 0,
  };
  holder.patchbayOutboxes.set(channel, outbox);
  return outbox;
}

function dropOldest(pending: Map<string, unknown>): void {
  for (const key of pending.keys()) {
    if (pending.size <= MAX_PENDING) return;
    pending.delete(key);
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
  outbox.sending = outbox.sending.then(() => notify(outbox.channel, payloads));
}

async function notify(channel: string, payloads: readonly string[]): Promise<void> {
  try {
    await pool().query({
      name: 'live_notify',
      text: 'select pg_notify($1, payload) from unnest($2::text[]) as payload',
      values: [channel, payloads],
    });
  } catch (error) {
    // Only a hint is lost: readers poll as well.
    log.debug({ err: error, part: 'live' }, 'changes were not announced');
  }
}

/** JSON lists, each small enough for one NOTIFY. */
export function toPayloads(notices: readonly unknown[]): string[] {
  const payloads: string[] = [];
  let items: string[] = [];
  let bytes = 2;
  for (const notice of notices) {
    const item = JSON.stringify(notice);
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
