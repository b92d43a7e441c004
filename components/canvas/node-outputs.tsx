'use client';

import { Handle, Position } from '@xyflow/react';
import { Plus } from 'lucide-react';

import { cn } from '#components/ui/cn.ts';

import { useCanvasActions } from './canvas-actions.ts';
import type { StepNodeData } from './canvas-node.ts';
import { nodeLook } from './node-look.ts';

/** A node's outgoing ports: a plain handle when there is one, a named row for each when there are several. */
export function NodeOutputs({ data, isConnectable }: { data: StepNodeData; isConnectable: boolean }) {
  const [only] = data.ports;
  if (only === undefined || data.role === 'undo') return null;
  if (data.ports.length === 1)
    return <PortHandle data={data} port={only} isConnectable={isConnectable} isAlone />;
  return (
    <div className="flex flex-col border-t border-border py-1">
      {data.ports.map((port) => (
        <div key={port} className="relative flex h-6 items-center justify-end pr-4">
          <span className="step-port" data-port={port}>
            {port}
          </span>
          <PortHandle data={data} port={port} isConnectable={isConnectable} />
        </div>
      ))}
    </div>
  );
}

interface PortHandleProps {
  readonly data: StepNodeData;
  readonly port: string;
  readonly isConnectable: boolean;
  readonly isAlone?: boolean;
}

/** One outgoing port, with the "+" that leads on from it while no edge does. */
export function PortHandle({ data, port, isConnectable, isAlone = false }: PortHandleProps) {
  const { addAfter } = useCanvasActions();
  const isFree = data.freePorts.includes(port);
  return (
    <>
      <Handle
        id={port}
        type="source"
        position={Position.Right}
        isConnectable={isConnectable}
        className="step-handle"
        data-port={port}
      />
      {isFree && addAfter && (
        // Not in the tab order: Tab on the node itself does the same.
        <button
          type="button"
          tabIndex={-1}
          aria-label={`Add a node after ${data.node.label || nodeLook(data.node).label}${port === 'out' ? '' : `, port ${port}`}`}
          className={cn('step-add nodrag nopan', isAlone ? 'top-8' : 'top-1/2')}
          onClick={(event) => {
            event.stopPropagation();
            addAfter(data.node.id, port);
          }}
        >
          <Plus aria-hidden className="size-3.5" />
        </button>
      )}
    </>
  );
}
