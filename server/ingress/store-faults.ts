import { isConflict, sqlState } from '#server/db/transaction-conflict.ts';
import { meansDatabaseAway } from '#server/ingress/database-health.ts';

/** A connection may have died while it lay idle, and batches of two processes may have met: once more settles both. */
export function isWorthRepeating(error: unknown): boolean {
  if (isConflict(error)) return true;
  // Whoever has waited out a time-out already does not wait for another.
  return meansDatabaseAway(error) && error instanceof Error && !/timeout/i.test(error.message);
}

/** The data of an event is at fault, not the database: value, constraint, size. */
export function isFaultOfOne(error: unknown): boolean {
  return /^(?:21|22|23|44|54)/.test(sqlState(error));
}

/** The flow was deleted in the same moment. */
export function isMissingReference(error: unknown): boolean {
  return sqlState(error) === '23503';
}
