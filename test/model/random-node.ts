import type { Json } from '#core/json.ts';

import { made, type MadeNode } from './made-node.ts';
import { drawCall } from './random-call.ts';
import type { Draft, Place } from './random-draft.ts';
import { condition, number, text } from './random-expression.ts';
import { drawLoop } from './random-loop.ts';

/** The most times that a scope may run: nested loops multiply. */
const MOST_RUNS = 16;

type Maker = (draft: Draft, place: Place, id: string) => MadeNode;

const MAKERS: Readonly<Record<string, Maker>> = {
  'core.map': drawMap,
  'http.request': drawCall,
  'core.filter': (draft, place, id) =>
    made(draft, id, 'core.filter', { condition: condition(draft.dice, place) }),
  'core.if': (draft, place, id) =>
    made(draft, id, 'core.if', { condition: condition(draft.dice, place) }, ['true', 'false']),
  'core.switch': drawSwitch,
  'core.each': drawLoop,
  'core.wait': (draft, _place, id) =>
    made(draft, id, 'core.wait', { seconds: draft.dice.pick([0, 0.01, 0.05]) }),
  'core.respond': (draft, place, id) =>
    made(
      draft,
      id,
      'core.respond',
      { status: 200, body: { v: number(draft.dice, place) } },
      ['out'],
      [`steps.${id}.v`],
    ),
  'core.stop': drawStop,
};

/** A node of a random type that the place allows, and the nodes that belong to it. */
export function drawNode(draft: Draft, place: Place): MadeNode {
  const { dice, options } = draft;
  const weights: Record<string, number> = {
    'core.map': 22,
    'http.request': 40,
    'core.filter': 4,
    'core.if': 9,
    'core.switch': 7,
    'core.each': place.depth < 3 && place.runs <= MOST_RUNS / 2 ? 16 - 3 * place.depth : 0,
    'core.wait': 10 * draft.waitShare,
    'core.respond': 3,
    'core.stop': draft.stopsLeft > 0 ? 6 : 0,
  };
  for (const type of Object.keys(weights)) if (!options.types.has(type)) delete weights[type];
  const type = dice.weighted(weights);
  const maker = MAKERS[type];
  if (maker === undefined) throw new Error(`No maker for ${type}.`);
  const drawn = maker(draft, place, nextId(draft, type));
  const parented = place.parent === undefined ? {} : { parent: place.parent };
  const whole = { ...drawn, node: { ...drawn.node, ...parented } };
  return canBeUndone(type) && dice.chance(draft.undoShare) ? withUndo(draft, place, whole) : whole;
}

function nextId(draft: Draft, type: string): string {
  draft.made += 1;
  return `${type.split('.')[1] ?? 'node'}${draft.made}`;
}

function drawMap(draft: Draft, place: Place, id: string): MadeNode {
  const { dice } = draft;
  // A text is no number: `"x" - 1` fails the step, for certain or for some items.
  const odd: Json = { $expr: place.item === null ? '"x" - 1' : '(index % 2 ?: "x") - 1' };
  const output: Json = {
    v: number(dice, place),
    t: text(dice, place),
    ...(dice.chance(draft.faultShare * 0.3) && { odd }),
  };
  return made(draft, id, 'core.map', { output }, ['out'], [`steps.${id}.v`]);
}

function drawSwitch(draft: Draft, place: Place, id: string): MadeNode {
  const { dice } = draft;
  const ports = ['a', 'b', 'c'].slice(0, dice.int(1, 3));
  const cases = ports.map((port) => ({ port, when: condition(dice, place) }));
  const mode = dice.pick(['first', 'all']);
  return made(draft, id, 'core.switch', { cases, ...(dice.chance(0.6) && { mode }) }, [...ports, 'default']);
}

function drawStop(draft: Draft, _place: Place, id: string): MadeNode {
  draft.stopsLeft -= 1;
  const status = draft.dice.pick(['succeeded', 'failed']);
  return made(draft, id, 'core.stop', { status, message: `stopped by ${id}` }, []);
}

function canBeUndone(type: string): boolean {
  return ['core.map', 'http.request', 'core.each', 'core.if'].includes(type);
}

function withUndo(draft: Draft, place: Place, drawn: MadeNode): MadeNode {
  const id = `undo_${drawn.node.id}`;
  const seen = { ...place, paths: [...place.paths, ...drawn.paths, ...drawn.paths] };
  const undo = draft.dice.chance(0.85) ? drawCall(draft, seen, id) : drawMap(draft, seen, id);
  const { onError: _, ...node } = undo.node;
  draft.nodes.push({ ...node, ...(place.parent !== undefined && { parent: place.parent }) });
  return { ...drawn, node: { ...drawn.node, compensate: id } };
}
