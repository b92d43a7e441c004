import {
  FLOW_LIMITS,
  type FlowDocument,
  type FlowEdge,
  type FlowNode,
  type FlowNote,
} from '../flow-document.ts';
import { FLOW_FORMAT } from '../flow-format.ts';
import { freshId } from '../graph.ts';
import { slugFromName } from '../slug-from-name.ts';
import type { ImportLine, ImportOutcome } from './flow-import.ts';
import type { Hint } from './hint.ts';
import type { Mapped } from './mapped.ts';
import { safeConfig } from './safe-config.ts';
import type { GraphView, SourceEdge, SourceNode } from './source-flow.ts';

/** Gives every node of an export the id that it would have here. */
export function nodeIds(nodes: readonly SourceNode[]): ReadonlyMap<string, string> {
  const taken = new Set<string>();
  return new Map(
    nodes.map(({ key, name, type }) => {
      const id = freshId(taken, idFromName(name) ?? idFromName(type.split('.').at(-1) ?? '') ?? 'node');
      taken.add(id);
      return [key, id];
    }),
  );
}

function idFromName(name: string): string | undefined {
  const words = slugFromName(name, '').split('-').filter(Boolean);
  const id = words
    .map((word, at) => (at === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1)))
    .join('');
  if (id === '') return undefined;
  return (/^[a-z]/.test(id) ? id : `n${id}`).slice(0, 50);
}

export interface Assembly<D> {
  readonly name: string;
  readonly tool: string;
  readonly graph: GraphView;
  readonly ids: ReadonlyMap<string, string>;
  readonly mapped: ReadonlyMap<string, Mapped<D>>;
  readonly parents: ReadonlyMap<string, string>;
  readonly gathered: ReadonlyMap<string, string>;
  readonly backward: ReadonlySet<SourceEdge>;
  /** Distances are multiplied by this: nodes here are wider. */
  readonly scale: { readonly x: number; readonly y: number };
  readonly description: string;
}

/** The document and the lines of the report, in the order of the export. */
export function assemble<D>(assembly: Assembly<D>): {
  readonly document: FlowDocument;
  readonly lines: readonly ImportLine[];
} {
  const { graph, mapped, ids } = assembly;
  const place = placer(assembly);
  const nodes: FlowNode[] = [];
  const notes: FlowNote[] = [];
  const lasts = new Map<string, string>();
  const between: FlowEdge[] = [];
  const unsafe = new Map<string, readonly Hint[]>();
  const taken = new Set(ids.values());
  for (const source of graph.nodes) {
    const made = mapped.get(source.key);
    const id = ids.get(source.key);
    if (made === undefined || id === undefined) continue;
    const position = place(source);
    if (made.outcome === 'node') {
      const parent = parentOf(assembly, source.key);
      const shared = { version: 1, ...(parent !== undefined && { parent }) };
      const behind = made.behind && freshId(taken, `${id}Way`);
      if (made.node) {
        const { config, hints } = safeConfig(made.node.config);
        unsafe.set(source.key, hints);
        nodes.push({ id, label: source.name.slice(0, 200), position, ...shared, ...made.node, config });
      }
      if (made.behind && behind !== undefined) {
        taken.add(behind);
        between.push({ from: id, to: behind });
        const label = `${source.name.slice(0, 180)}: ${made.behind.type === 'core.filter' ? 'goes on' : 'ways'}`;
        nodes.push({
          id: behind,
          label,
          position: { ...position, x: position.x + 288 },
          ...shared,
          ...made.behind,
        });
      }
      lasts.set(source.key, behind ?? id);
    } else if (made.outcome !== 'not_needed' && made.outcome !== 'through') {
      notes.push({
        id,
        text: noteText(source, made),
        position,
        ...(made.outcome === 'left_out'
          ? { size: { width: 240, height: 160 } }
          : scaledLook(made, assembly.scale)),
      });
    }
  }
  const { edges, hints } = edgesOf(assembly, lasts, between);
  const lines = graph.nodes.map((source) =>
    lineOf(source, assembly, [...(unsafe.get(source.key) ?? []), ...(hints.get(source.key) ?? [])]),
  );
  const toDo = toDoNote(assembly, lines, nodes, freshId(taken, 'toDo'));
  return {
    document: {
      format: FLOW_FORMAT,
      name: assembly.name,
      slug: slugFromName(assembly.name),
      description: assembly.description.slice(0, 10_000),
      settings: {},
      nodes: nodes.slice(0, FLOW_LIMITS.nodes),
      edges: edges.slice(0, FLOW_LIMITS.edges),
      notes: [...toDo, ...notes].slice(0, FLOW_LIMITS.notes),
      pins: {},
    },
    lines,
  };
}

/** The loop around a node, where that loop was made. */
function parentOf<D>({ parents, mapped, ids }: Assembly<D>, key: string): string | undefined {
  const loop = parents.get(key);
  if (loop === undefined) return undefined;
  return mapped.get(loop)?.node?.type === 'core.each' ? ids.get(loop) : undefined;
}

function noteText({ name, type }: SourceNode, { outcome, text = '', hints }: Mapped<unknown>): string {
  if (outcome === 'note') return text.slice(0, 10_000);
  const says = hints.map(({ why, remedy = '' }) => `${why} ${remedy}`.trim()).join('\n');
  return `Not imported: ${name} (${type})\n${says}`.slice(0, 10_000);
}

/** A note that stood around some nodes is to do so here, where nodes are larger. */
function scaledLook(
  { look = {} }: Mapped<unknown>,
  scale: { readonly x: number; readonly y: number },
): Pick<FlowNote, 'size' | 'color'> {
  const { size, color } = look;
  return {
    ...(size && { size: { width: snap(size.width * scale.x), height: snap(size.height * scale.y) } }),
    ...(color && { color }),
  };
}

function edgesOf<D>(
  assembly: Assembly<D>,
  lasts: ReadonlyMap<string, string>,
  between: readonly FlowEdge[],
): { readonly edges: readonly FlowEdge[]; readonly hints: ReadonlyMap<string, readonly Hint[]> } {
  const { graph, ids, mapped, backward, parents, gathered } = assembly;
  const edges = new Map<string, FlowEdge>();
  const hints = new Map<string, Hint[]>();
  for (const source of graph.nodes) {
    if (!lasts.has(source.key)) continue;
    for (const { edge, to } of targetsOf(source.key)) connect(source, edge, to);
  }
  return { edges: [...between, ...edges.values()], hints };

  function connect(source: SourceNode, edge: SourceEdge, to: string): void {
    const from = lasts.get(source.key);
    const target = ids.get(to);
    const port = (mapped.get(source.key)?.port ?? outPort)(edge.output);
    if (from === undefined || target === undefined) return;
    if (parents.get(to) === source.key || parents.get(source.key) === to) return; // into the body and back
    if (gathered.get(to) === source.key) return add(from, 'out', target);
    if (gathered.get(to) !== undefined && gathered.get(to) === parents.get(source.key))
      return add(ids.get(gathered.get(to) ?? '') ?? '', 'out', target);
    if (parents.get(to) !== parents.get(source.key))
      return hint(source.key, { ...ACROSS, original: graph.node(to)?.name ?? to });
    if (backward.has(edge)) return hint(source.key, { ...BACKWARD, original: graph.node(to)?.name ?? to });
    if (port === undefined) return hint(source.key, { ...NO_PORT, original: graph.node(to)?.name ?? to });
    add(from, port, target);
  }

  function add(from: string, port: string, to: string): void {
    edges.set(`${from} ${port} ${to}`, { from, ...(port !== 'out' && { port }), to });
  }

  function hint(key: string, one: Hint): void {
    hints.set(key, [...(hints.get(key) ?? []), one]);
  }

  /** Where an output leads, through nodes that are not needed here. */
  function targetsOf(key: string): readonly { readonly edge: SourceEdge; readonly to: string }[] {
    const found: { edge: SourceEdge; to: string }[] = [];
    for (const edge of graph.outgoing(key)) {
      const seen = new Set<string>();
      const open = [{ to: edge.to, isBackward: backward.has(edge) }];
      for (let next = open.pop(); next !== undefined; next = open.pop()) {
        if (seen.has(next.to)) continue;
        seen.add(next.to);
        const outcome = mapped.get(next.to)?.outcome;
        if (outcome === 'node')
          found.push({ edge: next.isBackward ? (firstBackward() ?? edge) : edge, to: next.to });
        const { isBackward } = next;
        if (outcome !== 'through') continue;
        open.push(
          ...graph.outgoing(next.to).map((on) => ({ to: on.to, isBackward: isBackward || backward.has(on) })),
        );
      }
    }
    return found;
  }

  function firstBackward(): SourceEdge | undefined {
    return [...backward][0];
  }
}

function outPort(output: number): string | undefined {
  return output === 0 ? 'out' : undefined;
}

const OUTCOMES: Readonly<Record<Mapped<unknown>['outcome'], ImportOutcome>> = {
  node: 'mapped',
  note: 'mapped',
  through: 'not_needed',
  not_needed: 'not_needed',
  left_out: 'left_out',
};

function lineOf<D>(source: SourceNode, { mapped, ids }: Assembly<D>, more: readonly Hint[]): ImportLine {
  const made = mapped.get(source.key);
  const { name, type } = source;
  if (made === undefined) return { name, type, outcome: 'elsewhere', to: [], hints: [] };
  const hints = [...made.hints, ...more];
  const plain = OUTCOMES[made.outcome];
  const isPartly = plain === 'mapped' && hints.some(({ kind }) => kind === 'do');
  const nodeId = ids.get(source.key);
  const to = [made.node?.type, made.behind?.type].filter((one) => one !== undefined);
  return {
    name,
    type,
    outcome: isPartly ? 'partly' : plain,
    to: made.outcome === 'note' ? ['note'] : made.outcome === 'node' ? to : [],
    ...(made.outcome === 'node' && nodeId !== undefined && { nodeId }),
    hints,
  };
}

/** A note beside the flow with what is left to do, since the report is gone once the flow is made. */
function toDoNote<D>(
  { tool }: Assembly<D>,
  lines: readonly ImportLine[],
  nodes: readonly FlowNode[],
  id: string,
): readonly FlowNote[] {
  const open = lines.flatMap(({ name, outcome, hints }) =>
    outcome === 'left_out'
      ? [`• ${name}: not imported.`]
      : hints
          .filter(({ kind }) => kind === 'do')
          .map(({ place, remedy = '' }) => `• ${name}, ${place}: ${remedy}`),
  );
  if (open.length === 0) return [];
  const left = Math.min(0, ...nodes.map(({ position }) => position?.x ?? 0));
  const top = Math.min(0, ...nodes.map(({ position }) => position?.y ?? 0));
  const height = Math.min(640, 80 + 40 * open.length);
  const text = [`To finish after the import from ${tool}`, ...open].join('\n').slice(0, 10_000);
  return [{ id, text, position: { x: left, y: top - height - 48 }, size: { width: 480, height } }];
}

/** Places on our grid, from the corner of the whole. */
function placer<D>({ graph, mapped, scale }: Assembly<D>): (source: SourceNode) => { x: number; y: number } {
  const used = graph.nodes.filter(({ key }) => mapped.has(key));
  const left = Math.min(...used.map(({ position }) => position.x));
  const top = Math.min(...used.map(({ position }) => position.y));
  return ({ position }) => ({
    x: snap((position.x - left) * scale.x),
    y: snap((position.y - top) * scale.y),
  });
}

const ACROSS: Hint = {
  kind: 'do',
  place: 'Connection to',
  why: 'It leads out of a loop or into one, which edges here do not.',
  remedy: 'Continue after the loop with its results, or move that node into the loop.',
};

const NO_PORT: Hint = {
  kind: 'do',
  place: 'Connection to',
  why: 'The output that it leaves from has no counterpart here.',
  remedy: 'Connect the two by hand where that is right.',
};

const BACKWARD: Hint = {
  kind: 'do',
  place: 'Connection to',
  why: 'It leads back to an earlier node; flows here go on in one direction alone.',
  remedy: 'Repeat with “For each”, with the retries of a node, or by calling the flow again.',
};

/** Onto our grid. */
function snap(length: number): number {
  return Math.round(length / 16) * 16;
}
