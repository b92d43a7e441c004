import type { Catalog } from '#core/catalog.ts';
import type { Fault } from '#core/fault.ts';
import type { FlowDocument, FlowNode, Position } from '#core/flow-document.ts';

import type { CanvasNode, StepNodeData } from './canvas-node.ts';
import { fallbackPositions } from './fallback-layout.ts';
import { freePorts } from './free-ports.ts';
import { nodeLabel, portsOf } from './node-ports.ts';
import { NODE_WIDTH, nodeHeight } from './node-size.ts';
import type { NodeRunState } from './node-run-state.ts';

export interface NodeSources {
  readonly document: FlowDocument;
  readonly mode: 'edit' | 'run';
  readonly selectedNodeIds: ReadonlySet<string>;
  /** Sizes that React Flow measured, by node id. */
  readonly measured: ReadonlyMap<string, { readonly width: number; readonly height: number }>;
  readonly dragged?: Readonly<Record<string, Position>> | null;
  readonly faultsByNode?: ReadonlyMap<string, readonly Fault[]>;
  readonly states?: ReadonlyMap<string, NodeRunState>;
}

const NO_FAULTS: readonly Fault[] = [];

/**
 * Makes React Flow's nodes from the document. Remembers what it made: a node of which nothing changed is the same object
 * again, so that a drag of one node redraws one node.
 */
export function createNodeDeriver(catalog: Catalog): (sources: NodeSources) => CanvasNode[] {
  let made = new Map<string, CanvasNode>();
  return (sources) => {
    const positions = fallbackPositions(sources.document);
    const focusId = [...sources.selectedNodeIds][0] ?? sources.document.nodes[0]?.id;
    const nodes = sources.document.nodes.map((node) => {
      const data = nodeData(node, sources, catalog);
      const next: CanvasNode = {
        id: node.id,
        type: 'step',
        position: sources.dragged?.[node.id] ?? positions.get(node.id) ?? { x: 0, y: 0 },
        data,
        selected: sources.selectedNodeIds.has(node.id),
        measured: sources.measured.get(node.id),
        // Until it is measured: so that the view fits and edges are drawn from the first frame.
        initialWidth: NODE_WIDTH,
        initialHeight: nodeHeight(data.ports.length),
        ariaLabel: ariaLabel(data, catalog),
        // One stop for the keyboard: arrows walk from there.
        domAttributes: { tabIndex: node.id === focusId ? 0 : -1 },
      };
      return reuse(made.get(node.id), next);
    });
    made = new Map(nodes.map((node) => [node.id, node]));
    return nodes;
  };
}

function nodeData(node: FlowNode, sources: NodeSources, catalog: Catalog): StepNodeData {
  return {
    node,
    ports: portsOf(node, catalog),
    freePorts: freePorts(sources.document, node, catalog),
    faults: sources.faultsByNode?.get(node.id) ?? NO_FAULTS,
    mode: sources.mode,
    run: sources.states?.get(node.id),
  };
}

function ariaLabel(data: StepNodeData, catalog: Catalog): string {
  const count = data.faults.length;
  const faults = count === 0 ? '' : `, ${count} ${count === 1 ? 'fault' : 'faults'}`;
  const state = data.run ? `, ${data.run.status.replace('_', ' ')}` : '';
  return `${nodeLabel(data.node, catalog)}, ${data.node.type}${state}${faults}`;
}

function reuse(old: CanvasNode | undefined, next: CanvasNode): CanvasNode {
  if (!old) return next;
  const data = sameData(old.data, next.data) ? old.data : next.data;
  const isSame =
    data === old.data &&
    old.position.x === next.position.x &&
    old.position.y === next.position.y &&
    old.selected === next.selected &&
    old.measured === next.measured &&
    old.domAttributes?.tabIndex === next.domAttributes?.tabIndex;
  return isSame ? old : { ...next, data };
}

function sameData(old: StepNodeData, next: StepNodeData): boolean {
  return (
    old.node === next.node &&
    old.faults === next.faults &&
    old.mode === next.mode &&
    sameState(old.run, next.run) &&
    old.ports.join() === next.ports.join() &&
    old.freePorts.join() === next.freePorts.join()
  );
}

function sameState(old: NodeRunState | undefined, next: NodeRunState | undefined): boolean {
  if (old === next || !old || !next) return old === next;
  return (
    old.status === next.status &&
    old.attempts === next.attempts &&
    old.durationMs === next.durationMs &&
    old.nextAttemptAt === next.nextAttemptAt &&
    old.error?.message === next.error?.message
  );
}
