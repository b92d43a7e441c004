import type { Json } from '#core/json.ts';

import type { Dice } from './dice.ts';

/** Things with a number and, in each, a list of more. */
export function randomItems(dice: Dice, most: number, depth = 0): Json[] {
  return Array.from({ length: dice.int(0, most) }, () => ({
    v: dice.int(0, 9),
    ...(depth < 2 && { list: randomItems(dice, 2, depth + 1) }),
  }));
}
