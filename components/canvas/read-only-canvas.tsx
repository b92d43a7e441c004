'use client';

import type { NodeChange } from '@xyflow/react';
import { useState } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';

import { catalog } from '#connectors/definitions.ts';
import type { FlowDocument } from '#core/flow-document.ts';

import type { CanvasEdge, CanvasNode } from './canvas-node.ts';
import { CanvasView } from './canvas-view.tsx';
import { nodeBoxes } from './node-place.ts';
import { arrowDirection, walk } from './walk.ts';

export interface ReadOnlyCanvasProps {
  readonly label: string;
  readonly document: FlowDocument;
  readonly nodes: CanvasNode[];
  readonly edges: CanvasEdge[];
  /** `measure` of `useMeasuredSizes`. */
  readonly measure: (changes: readonly NodeChange<CanvasNode>[]) => void;
  readonly selectedNodeId: string | null;
  readonly onSelect: (nodeId: string) => void;
  /** What Escape and a click beside the nodes do; default nothing. */
  readonly onClear?: () => void;
  /** What lies on the canvas beside nodes and edges, such as notes. */
  readonly children?: ReactNode;
}

/** A flow to look at: one node is selected by a click, and from it arrow keys walk along the edges. */
export function ReadOnlyCanvas(props: ReadOnlyCanvasProps) {
  const { label, document, nodes, edges, measure, selectedNodeId, onSelect, onClear, children } = props;
  const [host, setHost] = useState<HTMLDivElement | null>(null);

  const onNodesChange = (changes: NodeChange<CanvasNode>[]) => {
    measure(changes);
    const chosen = changes.find((change) => change.type === 'select' && change.selected);
    if (chosen?.type === 'select') onSelect(chosen.id);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.key === 'Escape') onClear?.();
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
          label={label}
          nodes={nodes}
          edges={edges}
          room={host}
          onNodesChange={onNodesChange}
          onPaneClick={onClear}
          onKeyDown={onKeyDown}
          nodesDraggable={false}
          nodesConnectable={false}
          edgesReconnectable={false}
          elementsSelectable
        >
          {children}
        </CanvasView>
      )}
    </div>
  );
}
