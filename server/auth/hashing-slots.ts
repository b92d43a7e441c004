import { ProblemError } from '#server/problem.ts';

/** Node has four threads for such work, and database connections need one to authenticate: hashing may not take them all. */
const MAX_RUNNING = 2;
/** About ten seconds of work on a slow core. */
const MAX_WAITING = 40;

let running = 0;
const waiting: (() => void)[] = [];

/** Runs password hashing, two at a time in this process. Throws a 503 problem when forty wait already. */
export async function inHashingSlot<T>(work: () => Promise<T>): Promise<T> {
  if (running < MAX_RUNNING) running += 1;
  else await nextSlot();
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    // The slot goes to the next in line, or back.
    if (next) next();
    else running -= 1;
  }
}

function nextSlot(): Promise<void> {
  if (waiting.length >= MAX_WAITING) throw busy();
  return new Promise((resolve) => waiting.push(resolve));
}

function busy(): ProblemError {
  return new ProblemError({
    status: 503,
    code: 'busy',
    title: 'Busy',
    detail: 'Too many people sign in at once. Try again in a minute.',
    headers: { 'retry-after': '60' },
  });
}
