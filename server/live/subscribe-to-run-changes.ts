import { RUN_CHANNEL, type RunNotice } from '#server/live/channel.ts';
import { subscribe } from '#server/live/hub.ts';

/** Which changes a reader wants; what is absent does not narrow. */
export interface RunChangeFilter {
  readonly workspaceId?: string;
  readonly runId?: string;
  /** A flow's slug. */
  readonly flow?: string;
}

/**
 * Calls `listener` with each change of a run that `filter` lets through. `onGap` is called when changes may have been
 * missed: read again what is shown.
 *
 * @returns a function that ends the subscription.
 */
export function subscribeToRunChanges(
  filter: RunChangeFilter,
  listener: (change: RunNotice) => void,
  onGap?: () => void,
): () => void {
  const receive = (change: RunNotice) => {
    if (matches(filter, change)) listener(change);
  };
  return subscribe(RUN_CHANNEL, receive, onGap);
}

function matches(filter: RunChangeFilter, notice: RunNotice): boolean {
  return (
    (filter.workspaceId === undefined || filter.workspaceId === notice.workspaceId) &&
    (filter.runId === undefined || filter.runId === notice.id) &&
    (filter.flow === undefined || filter.flow === notice.flow)
  );
}
