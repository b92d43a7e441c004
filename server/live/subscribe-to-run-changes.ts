import type { RunNotice } from '#server/live/channel.ts';
import { RunListener } from '#server/live/run-listener.ts';

/** Which changes a reader wants; what is absent does not narrow. */
export interface RunChangeFilter {
  readonly workspaceId?: string;
  readonly runId?: string;
  /** A flow's slug. */
  readonly flow?: string;
}

interface Subscription {
  readonly filter: RunChangeFilter;
  readonly listener: (change: RunNotice) => void;
  readonly onGap: (() => void) | undefined;
}
interface Hub {
  readonly subscriptions: Set<Subscription>;
  listener: RunListener | undefined;
}
const holder = globalThis as typeof globalThis & { patchbayRunHub?: Hub };

/**
 * Calls `listener` with each change of a run that `filter` lets through; the database connection is shared by the
 * whole process. `onGap` is called when changes may have been missed: read again what is shown.
 *
 * @returns a function that ends the subscription.
 */
export function subscribeToRunChanges(
  filter: RunChangeFilter,
  listener: (change: RunNotice) => void,
  onGap?: () => void,
): () => void {
  const hub = theHub();
  const subscription = { filter, listener, onGap };
  hub.subscriptions.add(subscription);
  hub.listener ??= new RunListener({
    onNotice: (notice) => tell(hub, notice),
    onGap: () => hub.subscriptions.forEach((each) => each.onGap?.()),
  });
  return () => {
    hub.subscriptions.delete(subscription);
  };
}

/** Closes the process's listening connection; for shutdown and tests. */
export async function stopListening(): Promise<void> {
  const hub = theHub();
  const listener = hub.listener;
  hub.listener = undefined;
  hub.subscriptions.clear();
  await listener?.close();
}

function theHub(): Hub {
  holder.patchbayRunHub ??= { subscriptions: new Set(), listener: undefined };
  return holder.patchbayRunHub;
}

function tell(hub: Hub, notice: RunNotice): void {
  for (const { filter, listener } of hub.subscriptions) if (matches(filter, notice)) listener(notice);
}

function matches(filter: RunChangeFilter, notice: RunNotice): boolean {
  return (
    (filter.workspaceId === undefined || filter.workspaceId === notice.workspaceId) &&
    (filter.runId === undefined || filter.runId === notice.id) &&
    (filter.flow === undefined || filter.flow === notice.flow)
  );
}
