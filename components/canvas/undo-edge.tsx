'use client';

import { BaseEdge, getSmoothStepPath, Handle, Position } from '@xyflow/react';
import type { EdgeProps } from '@xyflow/react';
import { Undo2 } from 'lucide-react';
import { memo } from 'react';

import type { CanvasEdge, StepNodeData } from './canvas-node.ts';
import { EdgeLabel } from './edge-label.tsx';

/** The dashed line from a node to the one that undoes it when the run fails later. */
export const UndoEdge = memo(function UndoEdge(props: EdgeProps<CanvasEdge>) {
  const [path, labelX, labelY] = getSmoothStepPath({ ...props, borderRadius: 12 });
  return (
    <>
      <BaseEdge id={props.id} path={path} className="undo-edge-path" data-taken={props.data?.isTaken} />
      <EdgeLabel>
        <span
          aria-hidden
          className="flow-edge-port undo-edge-label nodrag nopan"
          style={{
            transform: `translate(-50%, -50%) translate(${labelX}px, ${labelY}px)`,
            zIndex: 2 * (props.data?.depth ?? 0),
          }}
        >
          <Undo2 className="size-3" /> undo
        </span>
      </EdgeLabel>
    </>
  );
});

/** Where the dashed line begins and ends. No handles to drag: what undoes a node is chosen in its options. */
export function UndoHandles({ data }: { data: StepNodeData }) {
  return (
    <>
      {data.hasUndo && (
        <Handle
          id="undo"
          type="source"
          position={Position.Bottom}
          isConnectable={false}
          className="undo-handle"
        />
      )}
      {data.role === 'undo' && (
        <Handle
          id="undone"
          type="target"
          position={Position.Top}
          isConnectable={false}
          className="undo-handle"
        />
      )}
    </>
  );
}
