import type { StepStatus } from '../api/runs.ts';
import { edgePort, type FlowDocument } from '../flow-document.ts';

/** A step as far as coverage goes. */
export interface CoveredStep {
  readonly nodeId: string;
  readonly status: StepStatus;
  readonly ports: readonly string[];
}

/** How often tests took each way through a flow. */
export interface Coverage {
  /** Steps that ran, by node, every node of the flow but those that nothing leads to. */
  readonly nodes: Readonly<Record<string, number>>;
  /** In document order. */
  readonly edges: readonly {
    readonly from: string;
    readonly port: string;
    readonly to: string;
    readonly taken: number;
  }[];
  readonly takenEdges: number;
  readonly takenNodes: number;
}

/** Counts what the steps of any number of runs of a flow took. A step counts its edges once each time that it followed their port. */
export function coverageOf(
  flow: Pick<FlowDocument, 'nodes' | 'edges'>,
  steps: Iterable<CoveredStep>,
): Coverage {
  const nodes = Object.fromEntries(flow.nodes.map(({ id }) => [id, 0]));
  const ports = new Map<string, number>();
  for (const { nodeId, status, ports: followed } of steps) {
    if (status !== 'succeeded' && status !== 'failed') continue;
    nodes[nodeId] = (nodes[nodeId] ?? 0) + 1;
    for (const port of followed) ports.set(`${nodeId} ${port}`, (ports.get(`${nodeId} ${port}`) ?? 0) + 1);
  }
  const edges = flow.edges.map((edge) => {
    const port = edgePort(edge);
    return { from: edge.from, port, to: edge.to, taken: ports.get(`${edge.from} ${port}`) ?? 0 };
  });
  return {
    nodes,
    edges,
    takenEdges: edges.filter(({ taken }) => taken > 0).length,
    takenNodes: Object.values(nodes).filter((count) => count > 0).length,
  };
}
