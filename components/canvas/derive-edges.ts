import { edgePort } from '#core/flow-document.ts';
import type { FlowDocument, FlowEdge } from '#core/flow-document.ts';

import type { CanvasEdge } from './canvas-node.ts';
import { edgeId } from './edge-id.ts';
import type { NodeRunState } from './node-run-state.ts';

export interface EdgeSources {
  readonly document: FlowDocument;
  readonly mode: 'edit' | 'run';
  readonly selectedEdgeIds?: ReadonlySet<string>;
  readonly states?: ReadonlyMap<string, NodeRunState>;
}

/** Makes React Flow's edges from the document; an edge of which nothing changed is the same object again. */
export function createEdgeDeriver(): (sources: EdgeSources) => CanvasEdge[] {
  let made = new Map<string, CanvasEdge>();
  return (sources) => {
    const edges = sources.document.edges.map((edge) => {
      const next = toCanvasEdge(edge, sources);
      const old = made.get(next.id);
      return old && isSame(old, next) ? old : next;
    });
    made = new Map(edges.map((edge) => [edge.id, edge]));
    return edges;
  };
}

function toCanvasEdge(edge: FlowEdge, sources: EdgeSources): CanvasEdge {
  const id = edgeId(edge);
  const port = edgePort(edge);
  return {
    id,
    type: 'flow',
    source: edge.from,
    sourceHandle: port,
    target: edge.to,
    targetHandle: 'in',
    selected: sources.selectedEdgeIds?.has(id) ?? false,
    data: { edge, mode: sources.mode, isTaken: isTaken(edge, sources.states) },
    ariaLabel: `Edge from ${edge.from}${port === 'out' ? '' : `, port ${port},`} to ${edge.to}`,
  };
}

/** The step says which ports it followed; while it does not, an edge counts as taken once both of its ends were reached. */
function isTaken(edge: FlowEdge, states: ReadonlyMap<string, NodeRunState> | undefined): boolean | undefined {
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
    old.data?.edge === next.data?.edge
  );
}
