import type { FlowDocument } from '#core/flow-document.ts';
import type { Json } from '#core/json.ts';

import type { Dice } from './dice.ts';
import type { Draft, FlowOptions } from './random-draft.ts';
import { randomItems } from './random-items.ts';
import { drawScope } from './random-scope.ts';

export interface RandomFlow {
  readonly document: FlowDocument;
  /** What the run is started with. */
  readonly input: Json;
}

/** A valid flow at random, and an input for it. The same dice draw the same flow. */
export function randomFlow(dice: Dice, options: FlowOptions): RandomFlow {
  const draft: Draft = {
    dice,
    options,
    nodes: [{ id: 'start', type: 'core.manual', version: 1, config: {} }],
    edges: [],
    faultShare: dice.pick([0, 0.12, 0.35]),
    undoShare: options.types.has('core.each') && dice.chance(0.4) ? dice.pick([0.3, 0.8]) : 0,
    waitShare: dice.chance(0.12) ? 1 : 0,
    drawBody: (place, size) => drawScope(draft, place, size),
    made: 0,
    stopsLeft: dice.chance(0.25) ? 1 : 0,
  };
  const paths = ['trigger.body.n', 'steps.start.n'];
  const scope = { parent: undefined, depth: 0, runs: 1, paths, item: null, key: null };
  drawScope(draft, scope, dice.int(2, 9));
  return {
    document: {
      format: 1,
      name: options.slug,
      slug: options.slug,
      description: '',
      settings: {},
      nodes: dice.shuffled(draft.nodes),
      edges: dice.shuffled(draft.edges),
      notes: [],
      pins: {},
    },
    input: { n: dice.int(0, 9), items: randomItems(dice, 4) },
  };
}
