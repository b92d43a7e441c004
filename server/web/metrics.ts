import { Histogram } from 'prom-client';

import { pool } from '#server/db/pool.ts';
import { measureDatabase } from '#server/metrics/database-gauges.ts';
import { measureProcess, metricRegistry } from '#server/metrics/registry.ts';

const requestSeconds = new Histogram({
  name: 'patchbay_http_request_seconds',
  help: 'Time from a request to the end of its reply, server-sent events left out.',
  labelNames: ['part', 'status'],
  buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 30],
  registers: [metricRegistry],
});

/** Which part of the web process answered. */
export type Part = 'hooks' | 'api' | 'pages' | 'assets' | 'probes';

export function observeRequest(part: Part, status: number, seconds: number): void {
  requestSeconds.observe({ part, status: `${Math.floor(status / 100)}xx` }, seconds);
}

/** Starts measuring the web process, and what the database knows of the whole product. */
export function startMetrics(): void {
  measureProcess({ main: pool });
  measureDatabase();
}
