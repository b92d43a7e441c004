import type { Edge, Node } from '@xyflow/react';

import type { Fault } from '#core/fault.ts';
import type { FlowEdge, FlowNode } from '#core/flow-document.ts';

import type { NodeRunState } from './node-run-state.ts';

/** All that a drawn node shows; the same object as before while nothing of it changed, so that memo holds. */
export interface StepNodeData extends Record<string, unknown> {
  readonly node: FlowNode;
  readonly ports: readonly string[];
  /** Ports that no edge leaves from. */
  readonly freePorts: readonly string[];
  readonly faults: readonly Fault[];
  readonly mode: 'edit' | 'run';
  /** Undefined in edit mode and for a node that the run did not reach. */
  readonly run: NodeRunState | undefined;
}
export type CanvasNode = Node<StepNodeData, 'step'>;

export interface FlowEdgeData extends Record<string, unknown> {
  readonly edge: FlowEdge;
  readonly mode: 'edit' | 'run';
  /** Whether the run went this way; undefined in edit mode. */
  readonly isTaken: boolean | undefined;
}
export type CanvasEdge = Edge<FlowEdgeData, 'flow'>;
