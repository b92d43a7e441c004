'use client';

import { useEffect, useMemo, useRef, useState } from 'react';

import { ShownNotes } from '#components/notes/shown-notes.tsx';
import { catalog } from '#connectors/definitions.ts';

import { useMeasuredSizes } from './canvas-view.tsx';
import { createEdgeDeriver } from './derive-edges.ts';
import { createNodeDeriver } from './derive-nodes.ts';
import type { FlowCanvasProps } from './flow-canvas.tsx';
import { ReadOnlyCanvas } from './read-only-canvas.tsx';
import { useRevealNode } from './use-reveal-node.ts';

type RunCanvasProps = Extract<FlowCanvasProps, { mode: 'run' }>;

/** The read-only canvas of a run: same look, each node with its state. Arrow keys walk along the edges. */
export function RunCanvas({ document, states, selectedNodeId, onSelect }: RunCanvasProps) {
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
