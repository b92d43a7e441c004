/** Why, and until when, a step makes no attempt. */
export interface Hold {
  readonly for: 'breaker' | 'budget';
  /** When to ask again, unless something lets it go before; in milliseconds since 1970, by the database's clock. */
  readonly until: number;
  /** `connection:<slug>` or `host:<host:port>`. */
  readonly scope: string;
}

/** Thrown by a step's HTTP client before anything was sent: the step waits, and this was no attempt. */
export class HeldBack extends Error {
  readonly hold: Hold;

  constructor(hold: Hold) {
    super(`Calls to ${hold.scope} are held back.`);
    this.name = 'HeldBack';
    this.hold = hold;
  }
}
