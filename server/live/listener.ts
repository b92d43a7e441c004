import pg from 'pg';

import { databaseUrl } from '#server/db/pool.ts';
import { log } from '#server/log.ts';

const MAX_BACKOFF_MS = 2_000;

export interface ListenerOptions {
  /** Names of the Postgres channels. */
  readonly channels: readonly string[];
  readonly onPayload: (channel: string, payload: string | undefined) => void;
  /** Called after each reconnect: what happened in between was missed. */
  readonly onGap: () => void;
}

/** The process's one LISTEN connection; reconnects by itself, with jitter. */
export class Listener {
  readonly #options: ListenerOptions;
  #client: pg.Client | undefined;
  #retry: NodeJS.Timeout | undefined;
  #failures = 0;
  #wasConnected = false;
  #closed = false;

  constructor(options: ListenerOptions) {
    this.#options = options;
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
    client.on('notification', ({ channel, payload }) => this.#options.onPayload(channel, payload));
    try {
      await client.connect();
      for (const channel of this.#options.channels) await client.query(`listen ${channel}`);
      this.#failures = 0;
      if (this.#wasConnected) this.#options.onGap();
      this.#wasConnected = true;
      if (this.#closed) await client.end();
    } catch (error) {
      log.debug({ err: error, part: 'live' }, 'cannot listen for changes yet');
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
}
