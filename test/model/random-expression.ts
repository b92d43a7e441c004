import type { Json } from '#core/json.ts';

import type { Dice } from './dice.ts';
import type { Place } from './random-draft.ts';

/** A number, written out or as an expression. Where a step was skipped it may be a gap, which becomes null. */
export function number(dice: Dice, place: Place): Json {
  if (place.paths.length === 0 || dice.chance(0.1)) return dice.int(0, 20);
  return { $expr: numeric(dice, place) };
}

/** Something to decide by. */
export function condition(dice: Dice, place: Place): Json {
  const form = dice.weighted({ order: 4, even: 4, literal: 1, index: place.item === null ? 0 : 5, bare: 1 });
  switch (form) {
    case 'order':
      return { $expr: `${operand(dice, place)} ${dice.pick(['<', '>'])} ${dice.int(0, 12)}` };
    case 'even':
      return { $expr: `${operand(dice, place)} % 2 = ${dice.int(0, 1)}` };
    case 'literal':
      return dice.chance(0.7);
    case 'index':
      return { $expr: `index ${dice.pick(['=', '<', '>'])} ${dice.int(0, 2)}` };
    case 'bare':
      return { $expr: operand(dice, place) };
  }
}

/** A text with holes that are never gaps. */
export function text(dice: Dice, place: Place): Json {
  if (place.paths.length === 0 || dice.chance(0.4)) return dice.pick(['plain', '']);
  const prefix = place.key === null ? 'at root' : `at ${place.key}`;
  return { $tpl: `${prefix}: {{ (${dice.pick(place.paths)} ?: 0) }}!` };
}

function numeric(dice: Dice, place: Place): string {
  const first = operand(dice, place);
  const form = dice.weighted({ bare: 3, plus: 3, times: 2, both: 2 });
  if (form === 'bare') return first;
  if (form === 'plus') return `${first} + ${dice.int(1, 9)}`;
  if (form === 'times') return `${first} * ${dice.int(2, 5)} % 1000`;
  return `(${first} + ${operand(dice, place)}) % 1000`;
}

/** Mostly with a fallback; bare ones may be gaps, or null, which no arithmetic takes. */
function operand(dice: Dice, { paths }: Place): string {
  const path = paths.length === 0 ? '3' : dice.pick(paths);
  return dice.chance(0.85) ? `(${path} ?: ${dice.int(0, 3)})` : path;
}
