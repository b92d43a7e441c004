import type { FlowNode } from '#core/flow-document.ts';

import type { Dice } from './dice.ts';
import type { Draft, Place } from './random-draft.ts';
import { drawNode } from './random-node.ts';

/** A node that others in the scope can follow. */
interface Drawn {
  readonly id: string;
  readonly ports: readonly string[];
  /** Nodes of the scope that have settled, come what may, before this one begins. */
  readonly after: ReadonlySet<string>;
  /** Its numbers. */
  readonly paths: readonly string[];
}

/** Draws so many nodes, each after some of those before it, and joins them up. */
export function drawScope(draft: Draft, place: Place, size: number): void {
  const drawn: Drawn[] = [];
  if (place.parent === undefined) drawn.push({ id: 'start', ports: ['out'], after: new Set(), paths: [] });
  for (let count = 0; count < size; count++) drawn.push(drawMember(draft, place, drawn));
  for (const id of openErrorPorts(draft, place)) {
    const after = drawn.find((each) => each.id === id);
    if (after !== undefined) drawHandler(draft, place, after);
  }
}

function drawMember(draft: Draft, place: Place, drawn: readonly Drawn[]): Drawn {
  const { dice } = draft;
  const sources = pickSources(draft, place, drawn);
  const join = sources.length > 1 && dice.chance(0.4) ? 'any' : undefined;
  const after = settledBefore(sources, join);
  const paths = [...place.paths, ...drawn.filter((each) => after.has(each.id)).flatMap((each) => each.paths)];
  const made = drawNode(draft, { ...place, paths });
  draft.nodes.push({ ...made.node, ...(join !== undefined && { join }) });
  for (const { id, port } of withPorts(dice, sources)) {
    draft.edges.push(
      port === 'out' && dice.chance(0.7)
        ? { from: id, to: made.node.id }
        : { from: id, port, to: made.node.id },
    );
  }
  return { id: made.node.id, ports: made.ports, after, paths: made.paths };
}

/** Recent nodes rather than old ones, so that chains come about; at the root never none. */
function pickSources({ dice }: Draft, place: Place, drawn: readonly Drawn[]): Drawn[] {
  const open = drawn.filter((each) => each.ports.length > 0);
  if (place.parent !== undefined && (open.length === 0 || dice.chance(0.15))) return [];
  const wanted = dice.weighted({ one: 6, two: 3, three: 1 });
  const count = { one: 1, two: 2, three: 3 }[wanted];
  const sources = new Set<Drawn>();
  for (let tries = 0; tries < 8 && sources.size < count; tries++) {
    sources.add(dice.chance(0.5) ? dice.pick(open.slice(-2)) : dice.pick(open));
  }
  return [...sources];
}

/** One port of each source, now and then a second one. */
function withPorts(dice: Dice, sources: readonly Drawn[]): { readonly id: string; readonly port: string }[] {
  return sources.flatMap(({ id, ports }) => {
    const [first, second] = dice.shuffled(ports);
    const chosen = first === undefined ? [] : [first];
    if (second !== undefined && dice.chance(0.12)) chosen.push(second);
    return chosen.map((port) => ({ id, port }));
  });
}

function settledBefore(sources: readonly Drawn[], join: FlowNode['join']): ReadonlySet<string> {
  const each = sources.map(({ id, after }) => new Set([...after, id]));
  const all = each.flatMap((set) => [...set]);
  return new Set(join === 'any' ? all.filter((id) => each.every((set) => set.has(id))) : all);
}

/** Nodes whose `error` port must lead somewhere and does not. */
function openErrorPorts({ nodes, edges }: Draft, { parent }: Place): string[] {
  const isLed = (id: string) => edges.some((edge) => edge.from === id && edge.port === 'error');
  return nodes
    .filter((node) => node.parent === parent && node.onError === 'branch' && !isLed(node.id))
    .map((node) => node.id);
}

function drawHandler(draft: Draft, { parent }: Place, { id }: Drawn): void {
  const handler = `handle_${id}`;
  const config = { output: { v: 1, code: { $expr: `steps.${id}.error.code` } } };
  draft.nodes.push({
    id: handler,
    type: 'core.map',
    version: 1,
    config,
    ...(parent !== undefined && { parent }),
  });
  draft.edges.push({ from: id, port: 'error', to: handler });
}
