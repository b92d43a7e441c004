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

  /**
   * Learns from a reading of the database's clock that was asked for at `askedAt` (of `performance.now()`). The reading was
   * taken some time between then and now, to the millisecond: what agrees with that already stays as it is, so that a slow
   * answer does not turn the clock back and put what happened in another order.
   */
  observe(databaseTime: Date, askedAt: number): void {
    const least = databaseTime.getTime() - performance.now();
    const most = databaseTime.getTime() + 1 - askedAt;
    this.#offsetMs = Math.min(most, Math.max(least, this.#offsetMs));
  }
}
