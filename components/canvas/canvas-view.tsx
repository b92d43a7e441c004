'use client';

import './canvas.css';

import { Background, BackgroundVariant, MiniMap, ReactFlow } from '@xyflow/react';
import type { NodeChange, ReactFlowProps } from '@xyflow/react';
import { useTheme } from 'next-themes';
import { useCallback, useState } from 'react';
import type { ReactNode } from 'react';

import { CanvasControls } from './canvas-controls.tsx';
import type { CanvasEdge, CanvasNode } from './canvas-node.ts';
import { MANY_NODES } from './expected-handles.ts';
import { FlowEdge } from './flow-edge.tsx';
import { LoopNode } from './loop-node.tsx';
import { HoldsProvider } from './node-hold.tsx';
import { GRID } from './node-size.ts';
import { startView } from './start-view.ts';
import { StepNode } from './step-node.tsx';
import { UndoEdge } from './undo-edge.tsx';
import { FIT_VIEW } from './view-moves.ts';

// Outside components: a new object each time would remount every node.
const nodeTypes = { step: StepNode, loop: LoopNode };
const edgeTypes = { flow: FlowEdge, undo: UndoEdge };
const MINIMAP_SIZE = { width: 160, height: 110 };
const SNAP_GRID: [number, number] = [GRID, GRID];

export interface CanvasViewProps extends Omit<ReactFlowProps<CanvasNode, CanvasEdge>, 'nodes' | 'edges'> {
  readonly nodes: CanvasNode[];
  readonly edges: CanvasEdge[];
  readonly label: string;
  readonly controls?: ReactNode;
  /** With the element that the canvas fills, a flow too large to be read begins at its start instead of as a whole. */
  readonly room?: HTMLElement;
}

/** React Flow in our looks: what the editor and the view of a run have in common. */
export function CanvasView(props: CanvasViewProps) {
  return (
    <HoldsProvider>
      <Drawing {...props} />
    </HoldsProvider>
  );
}

function Drawing({ label, controls, room, children, ...props }: CanvasViewProps) {
  const { resolvedTheme } = useTheme();
  // On an empty canvas the view would jump with the first node that is added.
  const [startsDrawn] = useState(props.nodes.length > 0);
  const [start] = useState(() => room && startView(props.nodes, room.getBoundingClientRect()));
  return (
    <ReactFlow<CanvasNode, CanvasEdge>
      className="flow-canvas"
      aria-label={label}
      colorMode={resolvedTheme === 'dark' ? 'dark' : 'light'}
      nodeTypes={nodeTypes}
      edgeTypes={edgeTypes}
      fitView={startsDrawn && start === undefined}
      defaultViewport={start}
      fitViewOptions={FIT_VIEW}
      minZoom={0.1}
      maxZoom={2}
      snapToGrid
      snapGrid={SNAP_GRID}
      panOnScroll
      zoomOnDoubleClick={false}
      deleteKeyCode={null}
      disableKeyboardA11y
      // A selected loop would cover the nodes in it.
      elevateNodesOnSelect={false}
      edgesFocusable={false}
      onlyRenderVisibleElements={props.nodes.length > MANY_NODES}
      {...props}
    >
      <Background variant={BackgroundVariant.Dots} gap={GRID} size={1} />
      {props.nodes.length > 0 && (
        <MiniMap
          pannable
          zoomable
          style={MINIMAP_SIZE}
          className="max-md:hidden"
          nodeClassName={minimapClass}
          ariaLabel="Overview of the flow"
        />
      )}
      <CanvasControls>{controls}</CanvasControls>
      {children}
    </ReactFlow>
  );
}

const minimapClass = (node: CanvasNode) => `minimap-${node.type}`;

type Sizes = ReadonlyMap<string, { readonly width: number; readonly height: number }>;

/** Keeps the sizes that React Flow measures: controlled nodes without their size would be hidden and measured again. */
export function useMeasuredSizes(): {
  measured: Sizes;
  measure: (changes: readonly NodeChange<CanvasNode>[]) => void;
} {
  const [measured, setMeasured] = useState<Sizes>(new Map());
  const measure = useCallback((changes: readonly NodeChange<CanvasNode>[]) => {
    const sizes = changes.flatMap((change) =>
      change.type === 'dimensions' && change.dimensions ? [[change.id, change.dimensions] as const] : [],
    );
    if (sizes.length > 0) setMeasured((before) => new Map([...before, ...sizes]));
  }, []);
  return { measured, measure };
}
