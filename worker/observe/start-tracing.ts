import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

import { egressClient } from '#server/egress/egress-client.ts';
import type { Env } from '#server/env.ts';
import { SpanExporter } from '#server/trace/span-exporter.ts';
import { traceSettings } from '#server/trace/trace-settings.ts';
import type { RunObserver } from './observer.ts';
import { runTracer } from './run-tracer.ts';

/** A collector that hangs must not hold up the stop of a worker. */
const LAST_MS = 3_000;

export interface Tracing {
  readonly observer: RunObserver;
  /** Sends what is left, as far as that goes within 3 s. */
  stop(): Promise<void>;
}

/** Traces of runs, as OpenTelemetry's variables say; null without them. Throws `EnvironmentError` for wrong ones. */
export function startTracing(env: Env): Tracing | null {
  const settings = traceSettings(env);
  if (!settings) return null;
  // Whoever runs Patchbay names the collector, which may be on this machine: that one place is open to this client alone.
  const http = egressClient({ allow: placeOf(settings.endpoint), ownPorts: [] });
  const resource = { 'host.name': hostname(), 'process.pid': String(process.pid) };
  const exporter = new SpanExporter(settings, http, resource);
  return {
    observer: runTracer(settings, (span) => exporter.add(span)),
    stop: async () => {
      await Promise.race([exporter.flush(), sleep(LAST_MS, undefined, { ref: false })]);
      await http.close();
    },
  };
}

/** `host:port`, as the list of allowed places has it. */
function placeOf(endpoint: string): string {
  const { hostname: host, port, protocol } = new URL(endpoint);
  return `${host}:${port || (protocol === 'https:' ? '443' : '80')}`;
}
