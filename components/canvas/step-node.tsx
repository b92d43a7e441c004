'use client';

import { Handle, Position } from '@xyflow/react';
import type { NodeProps } from '@xyflow/react';
import { KeyRound } from 'lucide-react';
import { memo } from 'react';

import { cn } from '#components/ui/cn.ts';
import { Tooltip } from '#components/ui/tooltip.tsx';

import type { CanvasNode } from './canvas-node.ts';
import { NodeFaults } from './node-faults.tsx';
import { NodeHold } from './node-hold.tsx';
import { nodeLook } from './node-look.ts';
import { NodeOutputs } from './node-outputs.tsx';
import { NodeRunStrip } from './node-run-strip.tsx';
import { nodeSummary } from './node-summary.ts';
import { OperationIcon } from './operation-icon.tsx';
import { UndoHandles } from './undo-edge.tsx';
import { useFreshHandles } from './use-fresh-handles.ts';

/** One node of the flow, of any type: everything it shows comes from the registry and the document. */
export const StepNode = memo(function StepNode({ id, data, isConnectable }: NodeProps<CanvasNode>) {
  useFreshHandles(id, data);
  const { node, mode, run, faults } = data;
  const look = nodeLook(node);
  const isTrigger = look.tint === 'trigger';
  const summary = nodeSummary(node) || (node.label ? look.label : '');
  return (
    <div
      className={cn('step-node', isTrigger && 'step-node-trigger')}
      data-mode={mode}
      data-role={data.role}
      data-status={run?.status ?? (mode === 'run' ? 'none' : undefined)}
      data-reused={(mode === 'run' && run?.isReused) || undefined}
      data-mark={(mode === 'run' && run?.mark) || undefined}
      data-faulty={faults.some((fault) => fault.level !== 'warning') || undefined}
    >
      {!isTrigger && data.role === 'work' && (
        <Handle
          id="in"
          type="target"
          position={Position.Left}
          isConnectable={isConnectable}
          className="step-handle"
        />
      )}
      <div className="flex h-16 min-w-0 items-center gap-3 px-3">
        <span
          className="step-icon"
          data-tint={look.tint}
          data-marked={(look.mark && !isTrigger) || undefined}
        >
          <OperationIcon name={look.icon} mark={look.mark} className="size-4.5" />
        </span>
        <span className="flex min-w-0 flex-1 flex-col">
          <span className="truncate text-sm font-medium text-foreground">{node.label || look.label}</span>
          {summary !== '' && <span className="truncate text-xs text-muted-foreground">{summary}</span>}
        </span>
        {node.connection !== undefined && <ConnectionMark slug={node.connection} />}
        <NodeHold node={node} />
        <NodeFaults faults={faults} />
      </div>
      <NodeOutputs data={data} isConnectable={isConnectable} />
      <UndoHandles data={data} />
      {run && <NodeRunStrip run={run} />}
    </div>
  );
});

/** Says that the node works with a connection, and with which. */
function ConnectionMark({ slug }: { slug: string }) {
  return (
    <Tooltip label={`Connection: ${slug}`} side="top">
      <span role="img" aria-label={`Connection ${slug}`} className="shrink-0 text-subtle-foreground">
        <KeyRound aria-hidden className="size-3.5" />
      </span>
    </Tooltip>
  );
}
