import { randomFillSync } from 'node:crypto';

/** One count a process, also where a bundler loads this module twice. */
const holder = globalThis as typeof globalThis & { patchbayLastUuid?: { at: number; count: number } };

/**
 * A version 7 UUID: ordered by time, so that new rows stay together in the indexes. Each is greater than all that the process
 * made before it, whatever the clock does: runs of one key begin in the order of their ids.
 */
export function uuidv7(now: number = Date.now()): string {
  const { at, count } = next(now);
  const time = at.toString(16).padStart(12, '0');
  const drawn = random(8);
  drawn[0] = (drawn[0]! & 0x3f) | 0x80;
  const rest = drawn.toString('hex');
  const version = (0x7000 | count).toString(16);
  return `${time.slice(0, 8)}-${time.slice(8)}-${version}-${rest.slice(0, 4)}-${rest.slice(4)}`;
}

/** Asking the operating system costs as much for many as for a few. */
const stock = Buffer.alloc(4_096);
let used = stock.length;

function random(bytes: number): Buffer {
  if (used + bytes > stock.length) {
    randomFillSync(stock);
    used = 0;
  }
  used += bytes;
  return stock.subarray(used - bytes, used);
}

/** The 12 bits after the milliseconds count within one; when they run out, the next millisecond is borrowed. */
function next(now: number): { at: number; count: number } {
  const last = holder.patchbayLastUuid;
  if (!last || now > last.at) holder.patchbayLastUuid = { at: now, count: random(1)[0]! };
  else if (last.count < 0xfff) holder.patchbayLastUuid = { at: last.at, count: last.count + 1 };
  else holder.patchbayLastUuid = { at: last.at + 1, count: 0 };
  return holder.patchbayLastUuid;
}

/** When a version 7 UUID was made, in milliseconds since 1970; null for any other UUID. */
export function uuidTime(id: string): number | null {
  return id[14] === '7' ? parseInt(id.slice(0, 8) + id.slice(9, 13), 16) : null;
}
