import { createHash } from 'node:crypto';

/**
 * The `Idempotency-Key` of a step: a UUID (version 8) from run, node and loop path. The same on every attempt, after
 * every crash, on every worker; another one in a replay, which is another run.
 */
export function idempotencyKey(runId: string, nodeId: string, key: string): string {
  const bytes = createHash('sha256').update(`patchbay\n${runId}\n${nodeId}\n${key}`).digest().subarray(0, 16);
  bytes[6] = (bytes.readUInt8(6) & 0x0f) | 0x80;
  bytes[8] = (bytes.readUInt8(8) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
