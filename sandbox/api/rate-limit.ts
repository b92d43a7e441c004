import { Problem } from '#sandbox/problem.ts';

export interface RateLimit {
  /** How many requests one access token may make in one window. */
  readonly requests: number;
  /** How long a window is. It begins with the first request in it. */
  readonly seconds: number;
}

export const DEFAULT_RATE_LIMIT: RateLimit = { requests: 20, seconds: 1 };

const MOST_WINDOWS = 1_000;

interface Window {
  readonly endsAt: number;
  readonly used: number;
}

/**
 * Counts requests by token. The function that it returns gives the headers that say how many are left, and throws a
 * `Problem` (429) with them and `Retry-After` when there are none.
 */
export function createRateLimiter({
  requests,
  seconds,
}: RateLimit): (token: string) => Record<string, string> {
  const windows = new Map<string, Window>();

  return (token) => {
    const now = performance.now();
    const before = windows.get(token);
    const open = before && before.endsAt > now ? before : { endsAt: now + seconds * 1_000, used: 0 };
    windows.delete(token);
    windows.set(token, { ...open, used: Math.min(open.used + 1, requests) });
    if (windows.size > MOST_WINDOWS) forgetEnded(windows, now);
    const left = requests - open.used - 1;
    const headers = {
      'X-RateLimit-Limit': String(requests),
      'X-RateLimit-Remaining': String(Math.max(0, left)),
      'X-RateLimit-Reset': String(Math.ceil((Date.now() + open.endsAt - now) / 1_000)),
    };
    if (left >= 0) return headers;
    const retryAfter = String(Math.max(1, Math.ceil((open.endsAt - now) / 1_000)));
    throw new Problem(429, 'rate_limited', `A token may make ${requests} requests in ${seconds} s.`, {
      headers: { ...headers, 'Retry-After': retryAfter },
    });
  };
}

function forgetEnded(windows: Map<string, Window>, now: number): void {
  for (const [token, { endsAt }] of windows) if (endsAt <= now) windows.delete(token);
}
