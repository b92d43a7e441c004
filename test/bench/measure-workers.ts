import { startFarEnd, type FarEnd } from './far-end.ts';
import { backlog, type Sent } from './load.ts';
import { makeReport } from './report.ts';
import { DELIVERY_MS, warmUp } from './scenarios.ts';
import { startPatchbay } from './systems/patchbay.ts';

/** Long enough that the slots of a worker (64) bound it, and not the processor. */
const FAR_END_MS = 250;
const WORKERS = [1, 2, 3] as const;
/** The end is left out: slots stand empty then. */
const STEADY_SHARE = 0.9;

/**
 * What more worker processes bring where runs wait for a slow far end, which answers nobody until a backlog is there: the rate at which that
 * is worked off. Resolves to true when nothing was lost or doubled.
 */
export async function measureWorkers(
  { events, connections }: { readonly events: number; readonly connections: number },
  say: (line: object) => void,
): Promise<boolean> {
  const rates: number[] = [];
  let isUnharmed = true;
  for (const workers of WORKERS) {
    const system = await startPatchbay({ env: { PATCHBAY_WORKERS: String(workers) } });
    const { promise: opens, resolve: open } = Promise.withResolvers<void>();
    const farEnd = await startFarEnd({ delayMs: FAR_END_MS, opens });
    try {
      await warmUp(system);
      const url = await system.publish('call', farEnd.url);
      const sent = await backlog({ url, connections }, events);
      const openedAt = performance.now();
      open();
      await farEnd.waitFor(sent.sentAt.size, DELIVERY_MS);
      const { accepted, lost, duplicated, machine } = makeReport('workers', sent, farEnd);
      const perSecond = steadyRate(sent, farEnd, openedAt);
      rates.push(perSecond);
      isUnharmed &&= lost + duplicated === 0;
      say({
        scenario: 'workers',
        workers,
        farEndMs: FAR_END_MS,
        accepted,
        perSecond,
        lost,
        duplicated,
        machine,
      });
    } finally {
      await system.stop();
      await farEnd.stop();
    }
  }
  const [one, two, three] = rates as [number, number, number];
  say({
    ratio: 'workers',
    two: hundredths(two / one),
    three: hundredths(three / one),
    aim: 'more workers, more runs a second',
    isWithin: two > one && three > two,
  });
  return isUnharmed;
}

/** Arrivals a second, from when the far end answers until slots stand empty. */
function steadyRate(sent: Sent, farEnd: FarEnd, openedAt: number): number {
  const arrived = [...farEnd.arrivals.values()].map(([first]) => first!).toSorted((a, b) => a - b);
  const counted = arrived.slice(0, Math.floor(sent.sentAt.size * STEADY_SHARE)).filter((at) => at > openedAt);
  const lasted = (counted.at(-1) ?? openedAt) - openedAt;
  return lasted > 0 ? Math.round((counted.length / lasted) * 1_000) : 0;
}

function hundredths(value: number): number {
  return Math.round(value * 100) / 100;
}
