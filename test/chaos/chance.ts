import { createHash } from 'node:crypto';

import { Dice } from '#test/model/dice.ts';

/** Dice for one thing: the same seed and name always throw the same, whatever else is thrown and in whichever order. */
export function diceFor(seed: number, ...name: readonly (string | number)[]): Dice {
  return new Dice(
    createHash('sha256')
      .update([seed, ...name].join(' '))
      .digest()
      .readUInt32BE(0),
  );
}
