import { setTimeout as sleep } from 'node:timers/promises';

import { ingressPool } from '#server/ingress/ingress-pool.ts';
import { log } from '#server/log.ts';

/**
 * Whether the database is known to be away. Known once, every request is refused at once instead of waiting for its own
 * time-out; one probe at a time finds out when it is back.
 */
interface Health {
  isAway: boolean;
}

const holder = globalThis as typeof globalThis & { patchbayIngressHealth?: Health };

export function isDatabaseAway(): boolean {
  return health().isAway;
}

/** Takes note of a failed statement. True when it means that the database cannot be reached or used now. */
export function noteDatabaseError(error: unknown): boolean {
  if (!meansDatabaseAway(error)) return false;
  if (!health().isAway) {
    health().isAway = true;
    log.warn(
      { err: error, part: 'ingress' },
      'The database is away: webhooks are answered 503 until it is back',
    );
    void probeUntilBack();
  }
  return true;
}

function health(): Health {
  return (holder.patchbayIngressHealth ??= { isAway: false });
}

async function probeUntilBack(): Promise<void> {
  while (health().isAway) {
    await sleep(200 + Math.random() * 200, undefined, { ref: false });
    try {
      await ingressPool().query('SELECT 1');
      health().isAway = false;
    } catch {
      // Still away: the next round tries again.
    }
  }
  log.info({ part: 'ingress' }, 'The database is back: webhooks are accepted again');
}

/** SQLSTATEs: lost connections, no resources left, shutdown or start-up, a read-only standby. */
const AWAY_STATES = /^(?:08...|53...|57P..|25006)$/;
const AWAY_ERRNOS = /^(?:ECONN\w+|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|ENOENT)$/;
/** What `pg` says without a code. */
const AWAY_MESSAGES =
  /^(?:Connection terminated|timeout exce|Query read timeout|Client (?:was closed|has encountered))/i;

/** True for an error that says that the database cannot be reached or used, not that a statement is wrong. */
export function meansDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return (
    AWAY_STATES.test(code) || AWAY_ERRNOS.test(code) || (code === '' && AWAY_MESSAGES.test(error.message))
  );
}
