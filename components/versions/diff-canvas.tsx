'use client';

import './diff-canvas.css';

import { ReactFlowProvider, type NodeChange } from '@xyflow/react';
import { useEffect, useMemo, useState } from 'react';
import type { KeyboardEvent } from 'react';

import type { CanvasNode } from '#components/canvas/canvas-node.ts';
import { CanvasView, useMeasuredSizes } from '#components/canvas/canvas-view.tsx';
import { createEdgeDeriver } from '#components/canvas/derive-edges.ts';
import { createNodeDeriver } from '#components/canvas/derive-nodes.ts';
import { nodeBoxes } from '#components/canvas/node-place.ts';
import { useRevealNode } from '#components/canvas/use-reveal-node.ts';
import { arrowDirection, walk } from '#components/canvas/walk.ts';
import { ShownNotes } from '#components/notes/shown-notes.tsx';
import { catalog } from '#connectors/definitions.ts';

import type { Superposed } from './superpose.ts';

export interface DiffCanvasProps {
  readonly flows: Superposed;
  readonly selectedNodeId: string | null;
  readonly onSelect: (nodeId: string | null) => void;
}

/** Two documents of a flow on one read-only canvas: what was added, removed and changed stands out. Arrows walk along the edges. */
export function DiffCanvas(props: DiffCanvasProps) {
  return (
    <ReactFlowProvider>
      <Drawing {...props} />
    </ReactFlowProvider>
  );
}

function Drawing({ flows, selectedNodeId, onSelect }: DiffCanvasProps) {
  const { document } = flows;
  const { measured, measure } = useMeasuredSizes();
  const [host, setHost] = useState<HTMLDivElement | null>(null);
  const reveal = useRevealNode();
  const { nodes, edges } = useMarked(flows, selectedNodeId, measured);
  useEffect(() => {
    if (selectedNodeId !== null) reveal(selectedNodeId, { keepsFocus: true });
  }, [selectedNodeId, reveal]);

  const onNodesChange = (changes: NodeChange<CanvasNode>[]) => {
    measure(changes);
    const chosen = changes.find((change) => change.type === 'select' && change.selected);
    if (chosen?.type === 'select') onSelect(chosen.id);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const direction = arrowDirection(event.key);
    const from = selectedNodeId ?? document.nodes[0]?.id;
    if (!direction || from === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    const to = walk(document, nodeBoxes(document, catalog), { from, direction });
    if (to === undefined) return;
    event.preventDefault();
    onSelect(to);
    event.currentTarget.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(to)}"]`)?.focus();
  };
  return (
    <div ref={setHost} data-region="canvas" className="size-full">
      {host && (
        <CanvasView
          label="Both versions on the canvas"
          nodes={nodes}
          edges={edges}
          room={host}
          onNodesChange={onNodesChange}
          onKeyDown={onKeyDown}
          nodesDraggable={false}
          nodesConnectable={false}
          edgesReconnectable={false}
          elementsSelectable
        >
          <ShownNotes document={document} marks={flows.notes} />
        </CanvasView>
      )}
    </div>
  );
}

function useMarked(
  flows: Superposed,
  selectedNodeId: string | null,
  measured: ReturnType<typeof useMeasuredSizes>['measured'],
) {
  const [derive] = useState(() => ({ nodes: createNodeDeriver(catalog), edges: createEdgeDeriver() }));
  const { document } = flows;
  const nodes = useMemo(() => {
    const selectedNodeIds = new Set(selectedNodeId === null ? [] : [selectedNodeId]);
    return derive.nodes({ document, mode: 'diff', selectedNodeIds, measured }).map((node) => {
      const mark = flows.nodes.get(node.id);
      const words = mark === undefined ? 'as before' : mark;
      return { ...node, className: `diff-${mark ?? 'same'}`, ariaLabel: `${node.ariaLabel}, ${words}` };
    });
  }, [derive, document, flows, selectedNodeId, measured]);
  const edges = useMemo(
    () =>
      derive.edges({ document, mode: 'diff' }).map((edge) => {
        const mark = flows.edges.get(edge.id);
        if (mark === undefined) return edge;
        return { ...edge, className: `diff-${mark}`, ariaLabel: `${edge.ariaLabel}, ${mark}` };
      }),
    [derive, document, flows],
  );
  return { nodes, edges };
}
