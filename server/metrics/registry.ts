import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type pg from 'pg';

/** What this process measures. */
export const metricRegistry = new Registry();

/** Everything measured, in Prometheus's text format; the database is asked for what only it knows. */
export async function readMetrics(): Promise<{ contentType: string; text: string }> {
  const text = await metricRegistry.metrics();
  // The format knows NaN alone, and the library writes it otherwise.
  return { contentType: metricRegistry.contentType, text: text.replaceAll(/ Nan$/gm, ' NaN') };
}

/** The event loop is woken so often to see whether it is late: every 10 ms, as by default, would be half of what an idle process costs. */
const LOOP_PRECISION_MS = 100;

/** Starts measuring the process itself: memory, event loop, garbage collection, and its pools of database connections. */
export function measureProcess(pools: Readonly<Record<string, () => pg.Pool>>): void {
  const places = new Gauge<'pool' | 'state'>({
    name: 'patchbay_pool_connections',
    help: 'Database connections by pool: open, of these idle, and callers that wait for one.',
    labelNames: ['pool', 'state'],
    registers: [metricRegistry],
    collect() {
      for (const [name, pool] of Object.entries(pools)) {
        const { totalCount, idleCount, waitingCount } = pool();
        places.set({ pool: name, state: 'open' }, totalCount);
        places.set({ pool: name, state: 'idle' }, idleCount);
        places.set({ pool: name, state: 'wanted' }, waitingCount);
      }
    },
  });
  collectDefaultMetrics({
    register: metricRegistry,
    prefix: 'patchbay_',
    eventLoopMonitoringPrecision: LOOP_PRECISION_MS,
  });
}
