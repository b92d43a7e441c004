import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Asks again and again until `probe` returns something other than undefined, null or false, and returns that.
 * Throws after `timeoutMs` (default 45 s) with `what` in the message.
 */
export async function waitFor<T>(
  what: string,
  probe: () => Promise<T | undefined | null | false> | T | undefined | null | false,
  timeoutMs = 45_000,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const found = await probe();
    if (found !== undefined && found !== null && found !== false) return found;
    if (performance.now() > deadline) throw new Error(`Waited ${timeoutMs} ms in vain for ${what}.`);
    await sleep(25);
  }
}
