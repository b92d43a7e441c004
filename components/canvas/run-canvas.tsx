'use client';

import { ReactFlowProvider } from '@xyflow/react';
import { useEffect, useMemo, useRef, useState } from 'react';

import { ShownNotes } from '#components/notes/shown-notes.tsx';
import { catalog } from '#connectors/definitions.ts';
import type { FlowDocument } from '#core/flow-document.ts';

import { useMeasuredSizes } from './canvas-view.tsx';
import { createEdgeDeriver } from './derive-edges.ts';
import { createNodeDeriver } from './derive-nodes.ts';
import type { NodeRunState } from './node-run-state.ts';
import { ReadOnlyCanvas } from './read-only-canvas.tsx';
import { useRevealNode } from './use-reveal-node.ts';

export interface RunCanvasProps {
  /** The document that the run is pinned to. */
  readonly document: FlowDocument;
  /** State of each node that the run reached, by node id. */
  readonly states: ReadonlyMap<string, NodeRunState>;
  readonly selectedNodeId: string | null;
  /** Called with null when the selection is cleared. */
  readonly onSelect: (nodeId: string | null) => void;
}

/**
 * The read-only canvas of a run: same look, each node with its state. Arrow keys walk along the edges.
 * Fills its container, which must have a height.
 */
export function RunCanvas(props: RunCanvasProps) {
  return (
    <ReactFlowProvider>
      <RunDrawing {...props} />
    </ReactFlowProvider>
  );
}

function RunDrawing({ document, states, selectedNodeId, onSelect }: RunCanvasProps) {
  const [derive] = useState(() => ({ nodes: createNodeDeriver(catalog), edges: createEdgeDeriver() }));
  const { measured, measure } = useMeasuredSizes();
  useReveal(selectedNodeId);
  const selectedNodeIds = useMemo(
    () => new Set(selectedNodeId === null ? [] : [selectedNodeId]),
    [selectedNodeId],
  );
  const nodes = useMemo(
    () => derive.nodes({ document, mode: 'run', selectedNodeIds, measured, states }),
    [derive, document, selectedNodeIds, measured, states],
  );
  const edges = useMemo(() => derive.edges({ document, mode: 'run', states }), [derive, document, states]);

  return (
    <ReadOnlyCanvas
      label="The run on the canvas"
      document={document}
      nodes={nodes}
      edges={edges}
      measure={measure}
      selectedNodeId={selectedNodeId}
      onSelect={onSelect}
      onClear={() => onSelect(null)}
    >
      <ShownNotes document={document} />
    </ReadOnlyCanvas>
  );
}

/** What is chosen elsewhere, such as in the list of steps, comes into sight. The first choice is where the view begins. */
function useReveal(selectedNodeId: string | null): void {
  const reveal = useRevealNode();
  const shown = useRef(selectedNodeId);
  useEffect(() => {
    if (selectedNodeId === shown.current) return;
    shown.current = selectedNodeId;
    if (selectedNodeId !== null) reveal(selectedNodeId, { keepsFocus: true });
  }, [selectedNodeId, reveal]);
}
