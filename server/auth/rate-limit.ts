import { prisma } from '#server/db/prisma.ts';
import { ProblemError } from '#server/problem.ts';

/** At most `max` in `windowSeconds`, for each `key`. */
export interface RateLimit {
  readonly key: string;
  readonly max: number;
  readonly windowSeconds: number;
}

/**
 * Counts one use of each limit, in the database: the counters survive a restart and are shared by all processes.
 * Returns the seconds to wait when one is used up, else 0.
 */
export async function takeFromLimits(limits: readonly RateLimit[]): Promise<number> {
  await forgetOldCounters();
  const waits = [];
  for (const limit of limits) waits.push(await take(limit));
  return Math.max(0, ...waits);
}

/** Gives one use back: what succeeded is no attack. */
export async function returnToLimits(limits: readonly RateLimit[]): Promise<void> {
  for (const { key } of limits) {
    await prisma().$executeRaw`UPDATE rate_counter SET count = count - 1 WHERE key = ${key} AND count > 0`;
  }
}

/** Forgets all uses of a limit. */
export async function resetLimit(key: string): Promise<void> {
  await prisma().rateCounter.deleteMany({ where: { key } });
}

/** What somebody hears who has used up a limit. */
export function tooManyAttempts(waitSeconds: number): ProblemError {
  const minutes = Math.ceil(waitSeconds / 60);
  return new ProblemError({
    status: 429,
    code: 'too_many_attempts',
    title: 'Too many attempts',
    detail: `Too many attempts. Try again in ${minutes === 1 ? '1 minute' : `${minutes} minutes`}.`,
    headers: { 'retry-after': String(waitSeconds) },
  });
}

/** One atomic statement: a hundred at once are counted as a hundred. */
async function take({ key, max, windowSeconds }: RateLimit): Promise<number> {
  const rows = await prisma().$queryRaw<{ count: number; seconds: number }[]>`
    INSERT INTO rate_counter AS c (key, count, window_end)
    VALUES (${key}, 1, now() + make_interval(secs => ${windowSeconds}))
    ON CONFLICT (key) DO UPDATE SET
      count = CASE WHEN c.window_end <= now() THEN 1 ELSE c.count + 1 END,
      window_end = CASE WHEN c.window_end <= now() THEN excluded.window_end ELSE c.window_end END
    RETURNING count, ceil(extract(epoch FROM window_end - now()))::int AS seconds`;
  const row = rows[0];
  if (!row) throw new Error('A rate counter was not written.');
  return row.count > max ? Math.max(1, row.seconds) : 0;
}

async function forgetOldCounters(): Promise<void> {
  await prisma().$executeRaw`
    DELETE FROM rate_counter WHERE key IN (
      SELECT key FROM rate_counter WHERE window_end < now() ORDER BY window_end LIMIT 100 FOR UPDATE SKIP LOCKED)`;
}
