import { randomBytes } from 'node:crypto';

/** One count a process, also where a bundler loads this module twice. */
const holder = globalThis as typeof globalThis & { patchbayLastUuid?: { at: number; count: number } };

/**
 * A version 7 UUID: ordered by time, so that new rows stay together in the indexes. Each is greater than all that the process
 * made before it, whatever the clock does: runs of one key begin in the order of their ids.
 */
export function uuidv7(now: number = Date.now()): string {
  const { at, count } = next(now);
  const bytes = randomBytes(16);
  bytes.writeUIntBE(at, 0, 6);
  bytes.writeUInt16BE(0x7000 | count, 6);
  bytes[8] = (bytes.readUInt8(8) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** The 12 bits after the milliseconds count within one; when they run out, the next millisecond is borrowed. */
function next(now: number): { at: number; count: number } {
  const last = holder.patchbayLastUuid;
  if (!last || now > last.at) holder.patchbayLastUuid = { at: now, count: randomBytes(1).readUInt8(0) };
  else if (last.count < 0xfff) holder.patchbayLastUuid = { at: last.at, count: last.count + 1 };
  else holder.patchbayLastUuid = { at: last.at + 1, count: 0 };
  return holder.patchbayLastUuid;
}

/** When a version 7 UUID was made, in milliseconds since 1970; null for any other UUID. */
export function uuidTime(id: string): number | null {
  return id[14] === '7' ? parseInt(id.slice(0, 8) + id.slice(9, 13), 16) : null;
}
