import pg from 'pg';

import { inClientTransaction } from '#server/db/client-transaction.ts';
import { ProblemError } from '#server/problem.ts';

/** A search goes through events one by one where no index helps. */
export const SEARCH_SECONDS = 10;
const QUERY_CANCELED = '57014';

/**
 * Runs a search, each of its statements within `seconds`. Throws 422 with the remedy when one takes longer, so that no search
 * holds a connection for minutes.
 */
export async function searchInTime<T>(
  search: (client: pg.ClientBase) => Promise<T>,
  seconds: number = SEARCH_SECONDS,
): Promise<T> {
  try {
    return await inClientTransaction(async (client) => {
      await client.query("SELECT set_config('statement_timeout', $1, true)", [
        `${Math.ceil(seconds * 1_000)}ms`,
      ]);
      return search(client);
    });
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code === QUERY_CANCELED) throw tooSlow(seconds);
    throw error;
  }
}

function tooSlow(seconds: number): ProblemError {
  return new ProblemError({
    status: 422,
    code: 'search_too_slow',
    title: 'The search takes too long',
    detail: `After ${seconds} seconds it was given up. Choose a flow, a status or a shorter time, so that there are fewer runs to look through.`,
  });
}
