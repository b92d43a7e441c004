import { setTimeout as sleep } from 'node:timers/promises';

import { Counter } from 'prom-client';

import type { HttpClient } from '#connectors/contract.ts';
import { toOtlp, type Span } from '#core/trace/otlp.ts';
import { log } from '#server/log.ts';
import { metricRegistry } from '#server/metrics/registry.ts';
import type { TraceSettings } from '#server/trace/trace-settings.ts';

const FLUSH_MS = 1_000;
const BATCH = 512;
/** Spans that wait; more are dropped: traces must not take the memory that runs need. */
const MAX_WAITING = 8_192;
const RETRY_MS = 1_000;
const RETRIED: ReadonlySet<number> = new Set([429, 502, 503, 504]);

const exported = new Counter({
  name: 'patchbay_spans_total',
  help: 'Spans of traces by what became of them: sent to the collector, or dropped because it did not take them.',
  labelNames: ['outcome'],
  registers: [metricRegistry],
});

/** Sends spans to a collector by OTLP/HTTP, in batches, once a second. Whatever comes of it, nobody waits for it. */
export class SpanExporter {
  readonly #settings: TraceSettings;
  readonly #http: HttpClient;
  readonly #resource: Readonly<Record<string, string>>;
  #waiting: Span[] = [];
  #timer: NodeJS.Timeout | undefined;
  #sending: Promise<void> = Promise.resolve();
  #isFailing = false;

  /** @param http may call the collector, wherever that is. */
  constructor(settings: TraceSettings, http: HttpClient, resource: Readonly<Record<string, string>>) {
    this.#settings = settings;
    this.#http = http;
    this.#resource = { 'service.name': settings.serviceName, ...resource };
  }

  add(span: Span): void {
    if (this.#waiting.length >= MAX_WAITING) return exported.inc({ outcome: 'dropped' });
    this.#waiting.push(span);
    this.#timer ??= setTimeout(() => void this.flush(), FLUSH_MS).unref();
  }

  /** Resolves when everything that was added has been sent, or given up. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    return (this.#sending = this.#sending.then(() => this.#sendAll()));
  }

  async #sendAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, BATCH);
      const fault = (await this.#send(batch)) ?? null;
      exported.inc({ outcome: fault === null ? 'sent' : 'dropped' }, batch.length);
      this.#tell(fault);
    }
  }

  /** Why the collector did not take them; null when it did. Tried twice. */
  async #send(batch: readonly Span[]): Promise<string | null> {
    const body = toOtlp(batch, this.#resource);
    const first = await this.#post(body);
    if (!first.isTransient) return first.fault;
    await sleep(RETRY_MS);
    return (await this.#post(body)).fault;
  }

  async #post(body: string): Promise<{ fault: string | null; isTransient: boolean }> {
    const { endpoint: url, headers, timeoutMs } = this.#settings;
    try {
      const { status } = await this.#http({
        ...{ method: 'POST', url, body, timeoutMs, followsRedirects: false },
        headers: { ...headers, 'content-type': 'application/json' },
      });
      if (status >= 200 && status < 300) return { fault: null, isTransient: false };
      return { fault: `it answered ${status}`, isTransient: RETRIED.has(status) };
    } catch (error) {
      return { fault: error instanceof Error ? error.message : String(error), isTransient: true };
    }
  }

  #tell(fault: string | null): void {
    if (fault !== null && !this.#isFailing)
      log.warn({ part: 'traces', reason: fault }, 'the collector does not take traces; they are dropped');
    if (fault === null && this.#isFailing) log.info({ part: 'traces' }, 'the collector takes traces again');
    this.#isFailing = fault !== null;
  }
}
