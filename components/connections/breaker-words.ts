import type { Breaker } from '#core/api/breakers.ts';

/** What holds calls back, in a few words: `It failed 10 times in a row`. */
export function reasonInWords({ state, reason, failures }: Breaker): string {
  if (state === 'half_open') return 'One call tries whether it is well again';
  return reason === 'throttled' ? 'It asked to wait' : `It failed ${failures} times in a row`;
}

/** `12 steps wait`; empty for none. */
export function waitingInWords(count: number): string {
  if (count === 0) return '';
  return count === 1 ? '1 step waits' : `${count} steps wait`;
}

/** `5 calls in 1 s`. */
export function budgetInWords({ calls, seconds }: { calls: number; seconds: number }): string {
  return `${calls} ${calls === 1 ? 'call' : 'calls'} in ${seconds} s`;
}
