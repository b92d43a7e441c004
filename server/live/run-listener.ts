import pg from 'pg';

import { databaseUrl } from '#server/db/pool.ts';
import { RUN_CHANNEL, runNoticesSchema, type RunNotice } from '#server/live/channel.ts';
import { log } from '#server/log.ts';

const MAX_BACKOFF_MS = 2_000;

/**
 * The process's one LISTEN connection; reconnects by itself, with jitter. `onGap` is called after each reconnect:
 * what happened in between was missed.
 */
export class RunListener {
  readonly #onNotice: (notice: RunNotice) => void;
  readonly #onGap: () => void;
  #client: pg.Client | undefined;
  #retry: NodeJS.Timeout | undefined;
  #failures = 0;
  #wasConnected = false;
  #closed = false;

  constructor(handlers: { onNotice: (notice: RunNotice) => void; onGap: () => void }) {
    this.#onNotice = handlers.onNotice;
    this.#onGap = handlers.onGap;
    void this.#connect();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#retry);
    await this.#client?.end().catch(() => undefined);
  }

  async #connect(): Promise<void> {
    const client = new pg.Client({
      connectionString: databaseUrl(),
      application_name: 'patchbay-live',
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
    });
    this.#client = client;
    client.on('error', () => undefined);
    client.on('end', () => this.#reconnectSoon(client));
    client.on('notification', (message) => this.#receive(message.payload));
    try {
      await client.connect();
      await client.query(`listen ${RUN_CHANNEL}`);
      this.#failures = 0;
      if (this.#wasConnected) this.#onGap();
      this.#wasConnected = true;
      if (this.#closed) await client.end();
    } catch (error) {
      log.debug({ err: error, part: 'live' }, 'cannot listen for run changes yet');
      await client.end().catch(() => undefined);
      this.#reconnectSoon(client);
    }
  }

  #reconnectSoon(client: pg.Client): void {
    if (this.#closed || this.#client !== client) return;
    this.#client = undefined;
    const backoffMs = Math.min(MAX_BACKOFF_MS, 100 * 2 ** this.#failures++);
    this.#retry = setTimeout(() => void this.#connect(), backoffMs * (0.5 + Math.random() / 2));
    this.#retry.unref();
  }

  #receive(payload: string | undefined): void {
    const notices = runNoticesSchema.safeParse(parse(payload));
    if (notices.success) notices.data.forEach(this.#onNotice);
    else log.warn({ part: 'live' }, `a notification on ${RUN_CHANNEL} is not a list of run changes`);
  }
}

function parse(payload: string | undefined): unknown {
  try {
    return JSON.parse(payload ?? '');
  } catch {
    return undefined;
  }
}
