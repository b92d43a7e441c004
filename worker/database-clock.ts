/**
 * The database's time, without asking it each time. Deadlines and retries follow it, so that a machine whose clock is
 * wrong, or jumps, neither fires early nor late: between two readings only the monotonic clock counts.
 */
export class DatabaseClock {
  #offsetMs = Date.now() - performance.now();

  /** Milliseconds since 1970. */
  now(): number {
    return performance.now() + this.#offsetMs;
  }

  /** Learns from a reading of the database's clock that was asked for at `askedAt` (of `performance.now()`). */
  observe(databaseTime: Date, askedAt: number): void {
    const midway = (askedAt + performance.now()) / 2;
    this.#offsetMs = databaseTime.getTime() - midway;
  }
}
