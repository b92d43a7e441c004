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
  readonly mode: 'edit' | 'run' | 'diff';
  /** `undo`: runs only to undo another node, and has no edges. */
  readonly role: 'work' | 'undo';
  /** Whether another node undoes this one. */
  readonly hasUndo: boolean;
  /** How many nodes are right inside of a loop. */
  readonly insideCount: number;
  /** A loop that is drawn as one box. */
  readonly isFolded: boolean;
  /** Whether what is being dragged would go into this loop. */
  readonly isDropTarget: boolean;
  /** Undefined in edit mode and for a node that the run did not reach. */
  readonly run: NodeRunState | undefined;
}
/** `loop`: drawn as a frame around the nodes inside of it, which come after it and above it. */
export type CanvasNode = Node<StepNodeData, 'step' | 'loop'>;

export interface FlowEdgeData extends Record<string, unknown> {
  /** Null for the line to the node that undoes another: that is no edge of the document. */
  readonly edge: FlowEdge | null;
  /** How many loops it is in: each is drawn above those around it. */
  readonly depth: number;
  readonly mode: 'edit' | 'run' | 'diff';
  /** Whether the run went this way; undefined in edit mode. */
  readonly isTaken: boolean | undefined;
  /** How often the run went this way; undefined where that is not known, and in edit mode. */
  readonly count: number | undefined;
  /** When this way is taken, in a few words; empty where the port says all. */
  readonly condition: string;
  /** How often tests took it; absent while their coverage is not shown. */
  readonly taken?: number;
}
export type CanvasEdge = Edge<FlowEdgeData, 'flow' | 'undo'>;
