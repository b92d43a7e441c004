import { expect, it } from 'vitest';

import { cronInWords } from '#components/inspector/cron-in-words.ts';
import { checkCron } from '#core/check-cron.ts';

it.each([
  ['*/5 * * * *', 'Every 5 minutes, every hour, every day'],
  ['30 8 * * MON-FRI', 'At 08:30, Monday through Friday'],
  ['0 6 L * *', 'At 06:00, on the last day of the month'],
  // A day that fits either counts, here as in the ticks.
  ['0 6 1 * SUN', 'At 06:00, on day 1 of the month, and on Sunday'],
  ['0 12 * 12 7', 'At 12:00, only on Sunday, only in December'],
])('%s reads: %s', (cron, words) => {
  expect(checkCron(cron)).toBeUndefined();
  expect(cronInWords(cron)).toBe(words);
});

it('is silent about what it cannot put into words', () => {
  expect(cronInWords('every morning')).toBeUndefined();
});
