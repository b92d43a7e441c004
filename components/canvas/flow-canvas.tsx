'use client';

import { ReactFlowProvider } from '@xyflow/react';

import type { FlowDocument } from '#core/flow-document.ts';

import { EditCanvas } from './edit-canvas.tsx';
import type { NodeRunState } from './node-run-state.ts';
import { RunCanvas } from './run-canvas.tsx';

/** The editor's canvas; stands inside `EditorProvider`, which holds the document. */
interface EditProps {
  readonly mode: 'edit';
}

/** A run on the same canvas, read-only. */
interface RunProps {
  readonly mode: 'run';
  /** The document that the run is pinned to. */
  readonly document: FlowDocument;
  /** State of each node that the run reached, by node id. */
  readonly states: ReadonlyMap<string, NodeRunState>;
  readonly selectedNodeId: string | null;
  /** Called with null when the selection is cleared. */
  readonly onSelect: (nodeId: string | null) => void;
}

export type FlowCanvasProps = EditProps | RunProps;

/** A flow drawn as nodes and edges. Fills its container, which must have a height. */
export function FlowCanvas(props: FlowCanvasProps) {
  if (props.mode === 'edit') return <EditCanvas />;
  return (
    <ReactFlowProvider>
      <RunCanvas {...props} />
    </ReactFlowProvider>
  );
}
