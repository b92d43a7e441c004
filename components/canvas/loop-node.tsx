'use client';

import { Handle, Position } from '@xyflow/react';
import type { NodeProps } from '@xyflow/react';
import { ChevronsDownUp, ChevronsUpDown, Plus } from 'lucide-react';
import { memo } from 'react';

import { useCanvasActions } from './canvas-actions.ts';
import type { CanvasNode, StepNodeData } from './canvas-node.ts';
import { NodeFaults } from './node-faults.tsx';
import { nodeLook } from './node-look.ts';
import { PortHandle } from './node-outputs.tsx';
import { NodeRunStrip } from './node-run-strip.tsx';
import { nodeSummary } from './node-summary.ts';
import { OperationIcon } from './operation-icon.tsx';
import { UndoHandles } from './undo-edge.tsx';
import { useFreshHandles } from './use-fresh-handles.ts';

/** A loop: a frame around the nodes that it runs for each item, with a header like any other node's. */
export const LoopNode = memo(function LoopNode({ id, data, isConnectable }: NodeProps<CanvasNode>) {
  useFreshHandles(id, data);
  const { node, mode, run, faults } = data;
  const look = nodeLook(node);
  const summary = nodeSummary(node) || (node.label ? look.label : '');
  return (
    <div
      className="loop-node"
      data-mode={mode}
      data-status={mode === 'run' ? (run?.status ?? 'none') : undefined}
      data-mark={(mode === 'run' && run?.mark) || undefined}
      data-faulty={faults.some((fault) => fault.level !== 'warning') || undefined}
      data-drop={data.isDropTarget || undefined}
      data-folded={data.isFolded || undefined}
    >
      <Handle
        id="in"
        type="target"
        position={Position.Left}
        isConnectable={isConnectable}
        className="step-handle"
      />
      <div className="loop-header loop-handle">
        <span className="step-icon" data-tint={look.tint}>
          <OperationIcon name={look.icon} className="size-4.5" />
        </span>
        <span className="flex min-w-0 flex-1 flex-col">
          <span className="truncate text-sm font-medium text-foreground">{node.label || look.label}</span>
          {summary !== '' && <span className="truncate text-xs text-muted-foreground">{summary}</span>}
        </span>
        <NodeFaults faults={faults} />
        <FoldButton data={data} />
      </div>
      {data.insideCount === 0 && !data.isFolded && <EmptyBody data={data} />}
      <LoopOutputs data={data} isConnectable={isConnectable} />
      <UndoHandles data={data} />
      {mode === 'run' && run && <NodeRunStrip run={run} />}
    </div>
  );
});

/** With how many steps are in the loop while they are not seen. */
function FoldButton({ data }: { data: StepNodeData }) {
  const { toggleFold } = useCanvasActions();
  const { insideCount, isFolded, node } = data;
  if (!toggleFold || insideCount === 0) return null;
  return (
    // Not in the tab order: F on the loop itself does the same.
    <button
      type="button"
      tabIndex={-1}
      aria-expanded={!isFolded}
      aria-label={isFolded ? `Unfold: ${insideCount} inside` : 'Fold'}
      title={isFolded ? 'Unfold (F)' : 'Fold to one box (F)'}
      className="loop-fold nodrag nopan"
      onClick={(event) => {
        event.stopPropagation();
        toggleFold(node.id);
      }}
    >
      {isFolded && <span className="tabular-nums">{insideCount}</span>}
      {isFolded ? (
        <ChevronsUpDown aria-hidden className="size-3.5" />
      ) : (
        <ChevronsDownUp aria-hidden className="size-3.5" />
      )}
    </button>
  );
}

function EmptyBody({ data }: { data: StepNodeData }) {
  const { addInside } = useCanvasActions();
  if (!addInside) return <p className="loop-empty text-xs text-subtle-foreground">Nothing inside</p>;
  return (
    <div className="loop-empty">
      {/* Not in the tab order: Tab on the loop itself does the same. */}
      <button
        type="button"
        tabIndex={-1}
        className="loop-add nodrag nopan"
        onClick={(event) => {
          event.stopPropagation();
          addInside(data.node.id);
        }}
      >
        <Plus aria-hidden className="size-4" />
        Add the first step
      </button>
    </div>
  );
}

/** The first port at the height of the header, as on every node; the others below it, with their names. */
function LoopOutputs({ data, isConnectable }: { data: StepNodeData; isConnectable: boolean }) {
  const [first, ...others] = data.ports;
  return (
    <>
      {first !== undefined && <PortHandle data={data} port={first} isConnectable={isConnectable} isAlone />}
      {others.map((port, index) => (
        <div key={port} className="loop-port" style={{ top: 68 + index * 24 }}>
          <span className="step-port" data-port={port}>
            {port}
          </span>
          <PortHandle data={data} port={port} isConnectable={isConnectable} />
        </div>
      ))}
    </>
  );
}
