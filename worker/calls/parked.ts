import type { ConnectionAway } from '#server/connections/connection-away.ts';
import { HeldBack } from '#worker/calls/held-back.ts';

/** Steps are let go as soon as their connection can be used; should nobody do so, they look by themselves, not all at once. */
const LOOK_AGAIN = { leastMs: 900_000, spreadMs: 900_000 } as const;
/** What it waits for may have become something else, to be said in other words. */
const SOON = { leastMs: 15_000, spreadMs: 15_000 } as const;

/** The step waits for its connection. `now` is by the database's clock, in milliseconds since 1970. */
export function parked({ slug, code, message, isPassing }: ConnectionAway, now: number): HeldBack {
  const { leastMs, spreadMs } = isPassing ? SOON : LOOK_AGAIN;
  return new HeldBack({
    for: 'connection',
    until: now + leastMs + Math.random() * spreadMs,
    scope: `connection:${slug}`,
    error: { kind: 'auth', code, message },
  });
}
