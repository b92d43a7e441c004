import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

import pg from 'pg';

import { databaseUrl } from '#server/db/pool.ts';
import { uuidv7 } from '#server/db/uuid.ts';
import { log } from '#server/log.ts';
import { beat, forgetWorker } from '#server/sql/worker-rows.ts';
import type { DatabaseClock } from '#server/db/database-clock.ts';

const BEAT_MS = 1_000;
/** Less than the silence after which a worker is taken for dead (`worker-rows.ts`). */
const KNOWN_MS = 8_000;

/** Has the server notice within about 10 s that the machine behind the session is gone. */
const SESSION = `set tcp_keepalives_idle = 3; set tcp_keepalives_interval = 2; set tcp_keepalives_count = 3;
  set tcp_user_timeout = 10000; set idle_session_timeout = 0`;

export interface PresenceOptions {
  readonly pool: pg.Pool;
  readonly clock: DatabaseClock;
  readonly isWard: boolean;
  /** Runs that the worker carries out at once at most. */
  readonly slots: number;
}

/**
 * Shows the other workers that this one is alive: it holds a session's advisory lock, which Postgres frees within
 * milliseconds of the process's death, and writes a heartbeat each second for the case that the process only hangs.
 */
export class Presence {
  readonly workerId = uuidv7();
  /** 63 bits at random, so that no two workers ever share a lock. */
  readonly #lockKey = (randomBytes(8).readBigUInt64BE() >> 1n).toString();
  readonly #pool: pg.Pool;
  readonly #clock: DatabaseClock;
  readonly #isWard: boolean;
  readonly #slots: number;
  #beatAt = -Infinity;
  #session: pg.Client | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor({ pool, clock, isWard, slots }: PresenceOptions) {
    this.#isWard = isWard;
    this.#slots = slots;
    this.#pool = pool;
    this.#clock = clock;
  }

  /** Resolves once the worker is registered; waits for a database that is away. */
  async start(): Promise<void> {
    await this.#hold();
    for (let failures = 0; !(await this.#beat()); failures++) await sleep(backoff(failures));
    this.#timer = setInterval(() => void this.#beat(), BEAT_MS);
  }

  /**
   * False once the others may have struck this worker off: what it claims before it is registered again would be
   * taken for nobody's.
   */
  get isKnown(): boolean {
    return performance.now() - this.#beatAt < KNOWN_MS;
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearInterval(this.#timer);
    await forgetWorker(this.#pool, this.workerId).catch(() => undefined);
    await this.#session?.end().catch(() => undefined);
  }

  /** Takes the lock, again after every lost connection, before anything says that the worker exists. */
  async #hold(): Promise<void> {
    for (let failures = 0; !this.#isStopped; failures++) {
      const session = new pg.Client({
        connectionString: databaseUrl(),
        application_name: 'patchbay-worker',
        connectionTimeoutMillis: 5_000,
        keepAlive: true,
      });
      session.on('error', () => undefined);
      try {
        await session.connect();
        await session.query(SESSION);
        await session.query('select pg_advisory_lock($1)', [this.#lockKey]);
        session.on('end', () => this.#reconnect(session));
        this.#session = session;
        return;
      } catch (error) {
        if (failures === 0) log.warn({ err: error, part: 'worker' }, 'the database is away; trying again');
        await session.end().catch(() => undefined);
        await sleep(backoff(failures));
      }
    }
  }

  #reconnect(session: pg.Client): void {
    if (this.#isStopped || this.#session !== session) return;
    this.#session = undefined;
    void this.#hold();
  }

  async #beat(): Promise<boolean> {
    const askedAt = performance.now();
    try {
      const { now } = await beat(this.#pool, {
        id: this.workerId,
        lockKey: this.#lockKey,
        isWard: this.#isWard,
        host: hostname(),
        pid: process.pid,
        slots: this.#slots,
      });
      this.#beatAt = askedAt;
      this.#clock.observe(now, askedAt);
      return true;
    } catch (error) {
      log.debug({ err: error, part: 'worker' }, 'a heartbeat was not written');
      return false;
    }
  }
}

/** Up to a second, with jitter, so that a returning database meets no crowd. */
function backoff(failures: number): number {
  return Math.min(1_000, 50 * 2 ** failures) * (0.5 + Math.random() / 2);
}
