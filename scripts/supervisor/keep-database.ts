import { setTimeout as sleep } from 'node:timers/promises';

import type { EmbeddedPostgres } from '#server/db/embedded.ts';
import type { SessionLock } from '#server/db/session-lock.ts';

const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 10_000;

export interface KeptDatabase {
  readonly postgres: Pick<EmbeddedPostgres, 'revive'>;
  /** Held by this process as long as it owns the server; its end is the first sign that the server died. */
  readonly lock: SessionLock;
  /** Takes the lock anew; null while somebody else holds it. */
  takeLock(): Promise<SessionLock | null>;
  readonly say: (line: string) => void;
}

/**
 * Brings the embedded Postgres back whenever it dies: at once, then with growing pauses (10 s at most) until it runs.
 * Web process and workers wait for it meanwhile. `stop` ends the watch and lets the lock go.
 */
export function keepDatabase(kept: KeptDatabase): { stop(): Promise<void> } {
  let lock: SessionLock | null = kept.lock;
  const stopping = new AbortController();

  async function watch(): Promise<void> {
    while (!stopping.signal.aborted) {
      await lock?.gone;
      if (!stopping.signal.aborted) lock = await retake();
    }
  }

  async function retake(): Promise<SessionLock | null> {
    kept.say('The connection to Postgres broke; looking after it.');
    for (
      let delayMs = FIRST_DELAY_MS;
      !stopping.signal.aborted;
      delayMs = Math.min(delayMs * 2, LONGEST_DELAY_MS)
    ) {
      try {
        await kept.postgres.revive();
        const taken = await kept.takeLock();
        if (taken) {
          kept.say('Postgres runs again.');
          return taken;
        }
      } catch (cause) {
        if (delayMs === LONGEST_DELAY_MS) kept.say(cause instanceof Error ? cause.message : String(cause));
      }
      await sleep(delayMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
    return null;
  }

  const watching = watch();
  return {
    stop: async () => {
      stopping.abort();
      await lock?.release();
      await watching;
      // Taken while the stop was asked for.
      await lock?.release();
    },
  };
}
