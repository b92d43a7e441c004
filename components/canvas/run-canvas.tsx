'use client';

import type { NodeChange } from '@xyflow/react';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';

import { ShownNotes } from '#components/notes/shown-notes.tsx';
import { catalog } from '#connectors/definitions.ts';

import type { CanvasNode } from './canvas-node.ts';
import { CanvasView, useMeasuredSizes } from './canvas-view.tsx';
import { createEdgeDeriver } from './derive-edges.ts';
import { createNodeDeriver } from './derive-nodes.ts';
import type { FlowCanvasProps } from './flow-canvas.tsx';
import { nodeBoxes } from './node-place.ts';
import { useRevealNode } from './use-reveal-node.ts';
import { arrowDirection, walk } from './walk.ts';

type RunCanvasProps = Extract<FlowCanvasProps, { mode: 'run' }>;

/** The read-only canvas of a run: same look, each node with its state. Arrow keys walk along the edges. */
export function RunCanvas({ document, states, selectedNodeId, onSelect }: RunCanvasProps) {
  const [derive] = useState(() => ({ nodes: createNodeDeriver(catalog), edges: createEdgeDeriver() }));
  const { measured, measure } = useMeasuredSizes();
  const [host, setHost] = useState<HTMLDivElement | null>(null);
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

  const onNodesChange = (changes: NodeChange<CanvasNode>[]) => {
    measure(changes);
    const chosen = changes.find((change) => change.type === 'select' && change.selected);
    if (chosen?.type === 'select') onSelect(chosen.id);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.key === 'Escape') onSelect(null);
    const direction = arrowDirection(event.key);
    const from = selectedNodeId ?? document.nodes[0]?.id;
    if (!direction || from === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    const to =
      selectedNodeId === null ? from : walk(document, nodeBoxes(document, catalog), { from, direction });
    if (to === undefined) return;
    event.preventDefault();
    onSelect(to);
    event.currentTarget.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(to)}"]`)?.focus();
  };
  return (
    <div ref={setHost} data-region="canvas" className="size-full">
      {host && (
        <CanvasView
          label="The run on the canvas"
          nodes={nodes}
          edges={edges}
          room={host}
          onNodesChange={onNodesChange}
          onPaneClick={() => onSelect(null)}
          onKeyDown={onKeyDown}
          nodesDraggable={false}
          nodesConnectable={false}
          edgesReconnectable={false}
          elementsSelectable
        >
          <ShownNotes document={document} />
        </CanvasView>
      )}
    </div>
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
