import { whenAnnounced } from '#server/ingress/announce-runs.ts';
import { whenNothingInProgress } from '#server/ingress/in-progress.ts';
import { closeIngressPools } from '#server/ingress/ingress-pool.ts';

/** Waits until every request is decided, what it accepts is stored, and the wake-ups have gone out; then closes the connections of ingress. */
export async function drainIngress(): Promise<void> {
  await whenNothingInProgress();
  await whenAnnounced();
  await closeIngressPools();
}
