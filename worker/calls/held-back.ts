import type { StepError } from '#core/step-failure.ts';

/** Why, and until when, a step makes no attempt. */
export interface Hold {
  readonly for: 'breaker' | 'budget' | 'connection';
  /** When to ask again, unless something lets it go before; in milliseconds since 1970, by the database's clock. */
  readonly until: number;
  /** `connection:<slug>` or `host:<host:port>`. */
  readonly scope: string;
  /** What the step shows meanwhile, where there is something to say; else what its last attempt came to. */
  readonly error?: StepError;
}

/** What a hold says to people. */
export function holdError({ for: reason, scope, error }: Hold): StepError {
  if (error) return error;
  const place = scope.slice(scope.indexOf(':') + 1);
  const message =
    reason === 'budget'
      ? `The calls that ${place} allows are used up for now.`
      : `Calls to ${place} are paused: it keeps failing. It is tried again by itself.`;
  return { kind: 'throttled', code: 'held_back', message };
}

/** Thrown before anything was carried out: the step waits, and this was no attempt. */
export class HeldBack extends Error {
  readonly hold: Hold;

  constructor(hold: Hold) {
    super(`Calls to ${hold.scope} are held back.`);
    this.name = 'HeldBack';
    this.hold = hold;
  }
}
