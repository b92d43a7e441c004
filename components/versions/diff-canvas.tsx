'use client';

import './diff-canvas.css';

import { ReactFlowProvider } from '@xyflow/react';
import { useEffect, useMemo, useState } from 'react';

import { useMeasuredSizes } from '#components/canvas/canvas-view.tsx';
import { createEdgeDeriver } from '#components/canvas/derive-edges.ts';
import { createNodeDeriver } from '#components/canvas/derive-nodes.ts';
import { ReadOnlyCanvas } from '#components/canvas/read-only-canvas.tsx';
import { useRevealNode } from '#components/canvas/use-reveal-node.ts';
import { ShownNotes } from '#components/notes/shown-notes.tsx';
import { catalog } from '#connectors/definitions.ts';

import type { Superposed } from './superpose.ts';

export interface DiffCanvasProps {
  readonly flows: Superposed;
  readonly selectedNodeId: string | null;
  readonly onSelect: (nodeId: string) => void;
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
  const { measured, measure } = useMeasuredSizes();
  const reveal = useRevealNode();
  const { nodes, edges } = useMarked(flows, selectedNodeId, measured);
  useEffect(() => {
    if (selectedNodeId !== null) reveal(selectedNodeId, { keepsFocus: true });
  }, [selectedNodeId, reveal]);

  return (
    <ReadOnlyCanvas
      label="Both versions on the canvas"
      document={flows.document}
      nodes={nodes}
      edges={edges}
      measure={measure}
      selectedNodeId={selectedNodeId}
      onSelect={onSelect}
    >
      <ShownNotes document={flows.document} marks={flows.notes} />
    </ReadOnlyCanvas>
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
