import { whenIdle } from '#server/ingress/accept-event.ts';
import { whenAnnounced } from '#server/ingress/announce-runs.ts';
import { closeIngressPools } from '#server/ingress/ingress-pool.ts';

/** Waits until every accepted event is stored and its wake-up has gone out, then closes the connections of ingress. */
export async function drainIngress(): Promise<void> {
  await whenIdle();
  await whenAnnounced();
  await closeIngressPools();
}
