import type { Json } from '#core/json.ts';

import { randomItems } from './random-items.ts';
import { made, type MadeNode } from './made-node.ts';
import type { Draft, Place } from './random-draft.ts';

/** A loop with its body. */
export function drawLoop(draft: Draft, place: Place, id: string): MadeNode {
  const { dice } = draft;
  const over = drawItems(draft, place);
  const config = {
    items: over.items,
    ...(dice.chance(0.8) && { concurrency: dice.int(1, 4) }),
    ...(dice.chance(0.7) && { onItemError: dice.pick(['fail', 'continue']) }),
  };
  const loop = made(
    draft,
    id,
    'core.each',
    config,
    ['out'],
    [`$count(steps.${id}.results)`, `$count(steps.${id}.errors)`],
  );
  draft.drawBody(insideOf(place, id, over), dice.int(1, 4 - place.depth));
  return loop;
}

interface Over {
  readonly items: Json;
  readonly kind: 'numbers' | 'things';
  readonly most: number;
}

function drawItems({ dice }: Draft, place: Place): Over {
  const most = Math.max(1, Math.min(4, Math.floor(16 / place.runs)));
  const form = dice.weighted({
    numbers: 3,
    things: 3,
    input: most >= 4 ? 5 : 0,
    nested: place.item === 'things' ? 8 : 0,
    computed: 2,
    wrong: 0.4,
  });
  switch (form) {
    case 'numbers':
      return {
        items: Array.from({ length: dice.int(0, most) }, () => dice.int(0, 9)),
        kind: 'numbers',
        most,
      };
    case 'things':
      return { items: randomItems(dice, most), kind: 'things', most };
    case 'input':
      return { items: { $expr: 'trigger.body.items' }, kind: 'things', most: 4 };
    case 'nested':
      return { items: { $expr: 'item.list' }, kind: 'things', most: 2 };
    case 'computed':
      return {
        items: { $expr: place.item === null ? '[4, 2, 7]' : '[index, index + 1]' },
        kind: 'numbers',
        most: 3,
      };
    case 'wrong':
      return { items: { $expr: 'trigger.body.n' }, kind: 'numbers', most: 1 };
  }
}

function insideOf(place: Place, id: string, over: Over): Place {
  const item = over.kind === 'things' ? 'item.v' : 'item';
  const seenBelow = over.kind === 'things' ? `steps.${id}.item.v` : `steps.${id}.item`;
  const outer = place.paths.filter((path) => !path.startsWith('item') && path !== 'index');
  return {
    parent: id,
    depth: place.depth + 1,
    runs: place.runs * over.most,
    paths: [...outer, item, 'index', `steps.${id}.index`, seenBelow],
    item: over.kind,
    key: [...(place.key === null ? [] : [place.key]), `{{ steps.${id}.index }}`].join('.'),
  };
}
