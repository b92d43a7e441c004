import { edgePort } from '#core/flow-document.ts';
import type { FlowDocument, FlowEdge } from '#core/flow-document.ts';
import { nodeById } from '#core/graph.ts';
import { type Json, isJsonObject } from '#core/json.ts';
import { isExpression } from '#core/value.ts';

import type { CanvasEdge } from './canvas-node.ts';
import { edgeId } from '#core/edge-id.ts';
import type { Folding } from './folding.ts';
import { depthOf } from './loop-bodies.ts';
import type { NodeRunState } from './node-run-state.ts';

export interface EdgeSources {
  readonly document: FlowDocument;
  readonly mode: 'edit' | 'run' | 'diff';
  /** What is not seen; nor are edges there. */
  readonly folding?: Folding;
  readonly selectedEdgeIds?: ReadonlySet<string>;
  readonly states?: ReadonlyMap<string, NodeRunState>;
  /** How often tests took each edge, by `edgeId`; for the canvas painted with their coverage. */
  readonly taken?: ReadonlyMap<string, number>;
}

/** Makes React Flow's edges from the document; an edge of which nothing changed is the same object again. */
export function createEdgeDeriver(): (sources: EdgeSources) => CanvasEdge[] {
  let made = new Map<string, CanvasEdge>();
  return (sources) => {
    const all = [...sources.document.edges.map((edge) => toCanvasEdge(edge, sources)), ...undoLines(sources)];
    const drawn = all.filter(({ source, target }) => !isFoldedAway(source, target, sources.folding));
    const edges = drawn.map((next) => {
      const old = made.get(next.id);
      return old && isSame(old, next) ? old : next;
    });
    made = new Map(edges.map((edge) => [edge.id, edge]));
    return edges;
  };
}

/** An edge joins nodes of one loop: both of its ends are hidden, or none. Within a folded group it leads nowhere. */
function isFoldedAway(from: string, to: string, folding: Folding | undefined): boolean {
  if (!folding) return false;
  if (folding.hidden.has(from)) return true;
  const group = folding.groupOf.get(from);
  return group !== undefined && group === folding.groupOf.get(to);
}

function toCanvasEdge(edge: FlowEdge, sources: EdgeSources): CanvasEdge {
  const id = edgeId(edge);
  const port = edgePort(edge);
  const depth = depthAt(sources.document, edge.from);
  return {
    id,
    type: 'flow',
    source: edge.from,
    sourceHandle: port,
    target: edge.to,
    targetHandle: 'in',
    selected: sources.selectedEdgeIds?.has(id) ?? false,
    zIndex: edgeLayer(depth),
    data: {
      edge,
      depth,
      mode: sources.mode,
      isTaken: isTaken(edge, sources),
      count: sources.states?.get(edge.from)?.followed?.[port],
      condition: conditionOf(sources.document, edge),
      ...(sources.taken && { taken: sources.taken.get(id) ?? 0 }),
    },
    ariaLabel: `Edge from ${edge.from}${port === 'out' ? '' : `, port ${port},`} to ${edge.to}${takenInWords(sources.taken?.get(id))}`,
  };
}

function takenInWords(taken: number | undefined): string {
  return taken === undefined ? '' : `, taken ${taken} times by tests`;
}

/** From each node to the one that undoes it. */
function undoLines({ document, mode, states }: EdgeSources): CanvasEdge[] {
  return document.nodes.flatMap((node): CanvasEdge[] => {
    if (node.compensate === undefined || !nodeById(document, node.compensate)) return [];
    const depth = depthAt(document, node.id);
    const undo = states?.get(node.compensate)?.status;
    return [
      {
        id: `${node.id} undone by ${node.compensate}`,
        type: 'undo',
        source: node.id,
        sourceHandle: 'undo',
        target: node.compensate,
        targetHandle: 'undone',
        selectable: false,
        reconnectable: false,
        zIndex: edgeLayer(depth),
        data: {
          edge: null,
          depth,
          mode,
          isTaken: states && undo === 'succeeded',
          count: undefined,
          condition: '',
        },
        ariaLabel: `${node.label ?? node.id} is undone by ${nodeById(document, node.compensate)?.label ?? node.compensate} when the run fails later`,
      },
    ];
  });
}

/** Above the loop that the edge is in, below the nodes that it connects. */
function edgeLayer(depth: number): number {
  return depth === 0 ? 0 : 2 * depth - 1;
}

function depthAt(document: FlowDocument, nodeId: string): number {
  const node = nodeById(document, nodeId);
  return node ? depthOf(document, node) : 0;
}

const LONGEST_CONDITION = 28;

/** Of a switch the case that the port stands for: its name alone seldom says enough. */
function conditionOf(document: FlowDocument, edge: FlowEdge): string {
  const node = nodeById(document, edge.from);
  if (node?.type !== 'core.switch' || !Array.isArray(node.config.cases)) return '';
  const cases = node.config.cases as readonly Json[];
  const found = cases.find((one) => isJsonObject(one) && one.port === edgePort(edge));
  const when = isJsonObject(found) && isExpression(found.when) ? found.when.$expr.replace(/\s+/g, ' ') : '';
  return when.length > LONGEST_CONDITION ? `${when.slice(0, LONGEST_CONDITION - 1)}…` : when;
}

/** The step says which ports it followed; while it does not, an edge counts as taken once both of its ends were reached. */
function isTaken(edge: FlowEdge, { states, taken }: EdgeSources): boolean | undefined {
  if (taken) return (taken.get(edgeId(edge)) ?? 0) > 0;
  if (!states) return undefined;
  const [from, to] = [states.get(edge.from), states.get(edge.to)];
  if (from?.ports) return from.ports.includes(edgePort(edge));
  return from?.status === 'succeeded' && to !== undefined && to.status !== 'skipped';
}

function isSame(old: CanvasEdge, next: CanvasEdge): boolean {
  return (
    old.selected === next.selected &&
    old.data?.mode === next.data?.mode &&
    old.data?.isTaken === next.data?.isTaken &&
    old.data?.count === next.data?.count &&
    old.data?.condition === next.data?.condition &&
    old.data?.taken === next.data?.taken &&
    old.data?.edge === next.data?.edge &&
    old.zIndex === next.zIndex &&
    old.ariaLabel === next.ariaLabel
  );
}
