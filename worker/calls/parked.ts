import type { ConnectionAway } from '#server/connections/connection-away.ts';
import { HeldBack } from '#worker/calls/held-back.ts';

/** Steps are let go as soon as their connection can be used; should nobody do so, they look by themselves, not all at once. */
const LOOK_AGAIN = { leastMs: 900_000, spreadMs: 900_000 } as const;

/** The step waits for its connection. `now` is by the database's clock, in milliseconds since 1970. */
export function parked(away: Pick<ConnectionAway, 'slug' | 'code' | 'message'>, now: number): HeldBack {
  const { slug, code, message } = away;
  return new HeldBack({
    for: 'connection',
    until: now + LOOK_AGAIN.leastMs + Math.random() * LOOK_AGAIN.spreadMs,
    scope: `connection:${slug}`,
    error: { kind: 'auth', code, message },
  });
}
