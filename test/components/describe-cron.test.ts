import { expect, it } from 'vitest';

import { describeCron } from '#components/inspector/describe-cron.ts';
import { checkCron } from '#core/check-cron.ts';

it.each([
  ['* * * * *', 'Every minute, every day'],
  ['*/5 * * * *', 'Every 5 minutes, every day'],
  ['0 * * * *', 'Every hour, on the hour, every day'],
  ['15,45 * * * *', 'Every hour at minutes 15 and 45, every day'],
  ['0 9 * * *', 'At 09:00, every day'],
  ['30 8 * * MON-FRI', 'At 08:30, from Monday to Friday'],
  ['0 9,17 * * 1,3,5', 'At 09:00 and 17:00, on Monday, Wednesday and Friday'],
  ['0 0 1 * *', 'At 00:00, on day 1 of the month'],
  ['0 0 1,15 1-3 *', 'At 00:00, on days 1 and 15 of the month, in January to March'],
  ['0 6 L * *', 'At 06:00, on the last day of the month'],
  ['0 6 1 * SUN', 'At 06:00, on day 1 of the month and also on Sunday'],
  ['*/10 9-17 * * *', 'Every 10 minutes, in the hours 09:00 to 17:00, every day'],
  ['0 */6 * * *', 'Every hour, on the hour of every 6th hour, every day'],
  ['0 0 */2 * *', 'At 00:00, every 2nd day of the month'],
  ['0 12 * 12 0', 'At 12:00, on Sunday, in December'],
])('%s reads: %s', (cron, words) => {
  expect(checkCron(cron)).toBeUndefined();
  expect(describeCron(cron)).toBe(words);
});
