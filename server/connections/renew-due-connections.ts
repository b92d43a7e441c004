import { CONNECTORS } from '#connectors/definitions.ts';
import { renewIfDue } from '#server/connections/guard.ts';
import { pool } from '#server/db/pool.ts';
import { log } from '#server/log.ts';
import { selectDueRenewals } from '#server/sql/connection-tokens.ts';
import { releasePolls } from '#server/sql/usable-connections.ts';

/** So many are looked at in one go, and so many asked for side by side: the others' turn comes a second later. */
const AT_A_TIME = 20;
const SIDE_BY_SIDE = 4;

/**
 * Renews connections that are due: ahead of their end, after a pause, or because whoever renewed them died over it; marks those that
 * have ended. One that cannot be dealt with does not stop the others. Polls that waited for a connection ask again.
 *
 * @param signal aborted when no further renewal is to begin. Default: never.
 */
export async function renewDueConnections(signal?: AbortSignal): Promise<void> {
  const withTokens = CONNECTORS.filter(({ oauth }) => oauth);
  const unattended = withTokens.filter(({ oauth }) => oauth?.grant === 'client_credentials');
  const due = await selectDueRenewals(pool(), {
    connectors: withTokens.map(({ id }) => id),
    unattended: unattended.map(({ id }) => id),
    limit: AT_A_TIME,
  });
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, () => renewEach(due, signal)));
  await releasePolls(pool());
}

/** Takes from the list until it is empty, or nobody wants more. */
async function renewEach(due: string[], signal: AbortSignal | undefined): Promise<void> {
  for (let id = due.shift(); id !== undefined && !signal?.aborted; id = due.shift()) {
    try {
      await renewIfDue(id);
    } catch (error) {
      log.warn(
        { err: error, part: 'connection', connectionId: id },
        'a connection could not be looked after',
      );
    }
  }
}
