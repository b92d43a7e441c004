import { setTimeout as sleep } from 'node:timers/promises';

import { log } from '#server/log.ts';

/**
 * Asks the database again, up to a second apart, until it answers: for runs that are claimed already and must not be dropped.
 *
 * @param what for the log: what cannot be read meanwhile.
 */
export async function untilAnswered<T>(ask: () => Promise<T>, what = 'claimed runs'): Promise<T> {
  for (let failures = 0; ; failures++) {
    try {
      return await ask();
    } catch (error) {
      if (failures === 0) log.warn({ err: error, part: 'worker' }, `${what} cannot be read; trying again`);
      await sleep(Math.min(1_000, 50 * 2 ** failures) * (0.5 + Math.random() / 2));
    }
  }
}
