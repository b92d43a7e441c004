import { crashPoint } from '#server/crash-point.ts';
import type { AcceptedEvent, Outcome } from '#server/ingress/accepted-event.ts';
import { announceRuns } from '#server/ingress/announce-runs.ts';
import { isDatabaseAway, noteDatabaseError } from '#server/ingress/database-health.ts';
import { isMissingReference, isWorthRepeating } from '#server/ingress/store-faults.ts';
import { storeEvents, type StoredBatch } from '#server/ingress/store-events.ts';
import { log } from '#server/log.ts';

/** Deliveries of several events being stored at a time: each is a commit of its own. */
const MAX_IN_FLIGHT = 8;

let inFlight = 0;

/**
 * Stores the events of one delivery in one commit: all of them, but for those whose flow changed meanwhile (`outdated`), or none.
 * Resolves after the commit, to their outcomes in order. Never rejects.
 */
export async function acceptTogether(events: readonly AcceptedEvent[]): Promise<readonly Outcome[]> {
  if (events.length === 0) return [];
  if (isDatabaseAway()) return events.map(() => ({ kind: 'unavailable' }));
  if (inFlight >= MAX_IN_FLIGHT) return events.map(() => ({ kind: 'busy' }));
  inFlight += 1;
  try {
    crashPoint('ingress.before_commit');
    const { outcomes, started } = await storeTwice(events);
    crashPoint('ingress.after_commit');
    announceRuns(started);
    return outcomes;
  } catch (error) {
    if (!noteDatabaseError(error))
      log.error({ err: error, part: 'ingress', events: events.length }, 'A delivery could not be stored');
    return events.map(() => ({ kind: isMissingReference(error) ? 'outdated' : 'unavailable' }));
  } finally {
    inFlight -= 1;
  }
}

async function storeTwice(events: readonly AcceptedEvent[]): Promise<StoredBatch> {
  try {
    return await storeEvents(events);
  } catch (error) {
    if (isWorthRepeating(error)) return storeEvents(events, { mayBeStored: true });
    throw error;
  }
}
