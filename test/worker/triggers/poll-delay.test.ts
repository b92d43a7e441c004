import { describe, expect, test } from 'vitest';

import type { StepError } from '#core/step-failure.ts';
import { pollAgainAt, type FailedPoll } from '#worker/triggers/poll-delay.ts';

const NOW = 1_000_000;
const error = (kind: StepError['kind'], retryAfterMs?: number): StepError => ({
  kind,
  code: 'http_status',
  message: 'No.',
  ...(retryAfterMs !== undefined && { retryAfterMs }),
});

/** Seconds until the poll asks again. */
function waits(failed: Partial<FailedPoll> & Pick<FailedPoll, 'error'>): number {
  const base = { policy: undefined, everySeconds: 300, failures: 1, random: 0.5, now: NOW };
  return (pollAgainAt({ ...base, ...failed }) - NOW) / 1_000;
}

describe('pollAgainAt', () => {
  test.each<[string, Parameters<typeof waits>[0], number]>([
    ['what may pass is tried again soon', { error: error('transient') }, 1],
    ['by the law, later each time', { error: error('transient'), failures: 4 }, 4],
    ['at its pace once the attempts are used up', { error: error('transient'), failures: 5 }, 300],
    ['and for ever after', { error: error('transient'), failures: 500 }, 300],
    [
      'a quick one slows down to the longest wait of the law',
      { error: error('transient'), failures: 9, everySeconds: 10 },
      150,
    ],
    ['but not below its pace', { error: error('transient'), failures: 9, everySeconds: 10, random: 0 }, 10],
    ['a fault that stays is met at its pace', { error: error('invalid') }, 300],
    ['so is a refused connection', { error: error('auth'), everySeconds: 10, failures: 9 }, 10],
    ['a far end that asks for time gets it', { error: error('throttled', 40_000) }, 40],
    ['also beyond the pace', { error: error('throttled', 900_000), failures: 7 }, 900],
    ['a day at most', { error: error('throttled', 10 ** 9), failures: 7 }, 86_400],
    [
      'the law of the node counts',
      { error: error('transient'), policy: { attempts: 2, baseSeconds: 30 } },
      15,
    ],
    ['nobody is asked twice a second', { error: error('transient'), random: 0 }, 1],
  ])('%s', (_, failed, seconds) => expect(waits(failed)).toBe(seconds));
});
