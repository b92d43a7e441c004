'use client';

import { BaseEdge, getBezierPath } from '@xyflow/react';
import type { EdgeProps } from '@xyflow/react';
import { Plus, Trash2 } from 'lucide-react';
import { memo, useEffect, useState } from 'react';

import { edgePort } from '#core/flow-document.ts';
import type { FlowEdge as DocumentEdge } from '#core/flow-document.ts';

import { useCanvasActions } from './canvas-actions.ts';
import type { CanvasEdge } from './canvas-node.ts';
import { EdgeLabel } from './edge-label.tsx';

/** How long the buttons stay after the pointer left the line, so that it can get to them. */
const LEAVE_MS = 180;

/** An edge with its port's name and how often it was taken, and, under the pointer, the buttons to insert a node and to remove it. */
export const FlowEdge = memo(function FlowEdge(props: EdgeProps<CanvasEdge>) {
  const [path, labelX, labelY] = getBezierPath(props);
  const { isHovered, hover } = useHover();
  const edge = props.data?.edge;
  const port = edge ? edgePort(edge) : 'out';
  const { count, condition = '', taken } = props.data ?? {};
  // Once is what a taken line says by itself.
  const isCounted = taken !== undefined || (count !== undefined && count > 1);
  const isActive = (isHovered || props.selected === true) && props.data?.mode === 'edit';
  return (
    <g
      onMouseEnter={() => hover(true)}
      onMouseLeave={() => hover(false)}
      data-port={port}
      className="flow-edge"
    >
      <BaseEdge
        id={props.id}
        path={path}
        interactionWidth={24}
        className="flow-edge-path"
        data-taken={props.data?.isTaken}
        data-active={isActive || undefined}
      />
      {edge && (isActive || port !== 'out' || isCounted) && (
        <EdgeLabel>
          <div
            className="flow-edge-label nodrag nopan"
            style={{
              transform: `translate(-50%, -50%) translate(${labelX}px, ${labelY}px)`,
              zIndex: 2 * (props.data?.depth ?? 0),
            }}
            onMouseEnter={() => hover(true)}
            onMouseLeave={() => hover(false)}
          >
            {isActive ? (
              <EdgeButtons edge={edge} />
            ) : (
              <PortLabel port={port} condition={condition} count={isCounted ? (taken ?? count) : undefined} />
            )}
          </div>
        </EdgeLabel>
      )}
    </g>
  );
});

function PortLabel({
  port,
  condition,
  count,
}: {
  port: string;
  condition: string;
  count: number | undefined;
}) {
  const words = [port === 'out' ? '' : port, condition].filter(Boolean).join(': ');
  return (
    <span className="flow-edge-port" data-port={port} data-never={count === 0 || undefined}>
      {words}
      {count !== undefined && (
        <span className="tabular-nums">
          {words === '' ? '' : ' · '}
          {count === 0 ? 'never' : `${count}×`}
        </span>
      )}
    </span>
  );
}

function EdgeButtons({ edge }: { edge: DocumentEdge }) {
  const { insertOn, removeEdge } = useCanvasActions();
  return (
    <span className="flex overflow-hidden rounded-md border border-border-strong bg-raised shadow-popup">
      <button
        type="button"
        tabIndex={-1}
        aria-label="Insert a node here"
        title="Insert a node here"
        className="flow-edge-button"
        onClick={() => insertOn?.(edge)}
      >
        <Plus aria-hidden className="size-3.5" />
      </button>
      <button
        type="button"
        tabIndex={-1}
        aria-label="Remove this edge"
        title="Remove this edge"
        className="flow-edge-button border-l border-border"
        onClick={() => removeEdge?.(edge)}
      >
        <Trash2 aria-hidden className="size-3.5" />
      </button>
    </span>
  );
}

function useHover(): { isHovered: boolean; hover: (isOver: boolean) => void } {
  const [isOver, setIsOver] = useState(false);
  const [isHovered, setIsHovered] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setIsHovered(isOver), isOver ? 0 : LEAVE_MS);
    return () => clearTimeout(timer);
  }, [isOver]);
  return { isHovered, hover: setIsOver };
}
