'use client';

import { useMemo } from 'react';

import { nodeLook, type NodeLook } from '#components/canvas/node-look.ts';
import { OperationIcon } from '#components/canvas/operation-icon.tsx';
import { cn } from '#components/ui/cn.ts';
import { catalog } from '#connectors/definitions.ts';
import type { FlowDocument } from '#core/flow-document.ts';

import { CHIP, miniatureShape } from './miniature-shape.ts';

const ICON = 16;

const TINTS: Readonly<Record<NodeLook['tint'], string>> = {
  trigger: 'text-success',
  flow: 'text-accent-text',
  data: 'text-warning',
  http: 'text-info',
  app: 'text-doubt',
  unknown: 'text-danger',
};

/** A small picture of a flow: a square for each node, with the icon of its type, and lines between them. */
export function FlowMiniature({ document, className }: { document: FlowDocument; className?: string }) {
  const { width, height, nodes, lines } = useMemo(() => miniatureShape(document, catalog), [document]);
  return (
    <svg
      role="img"
      aria-label={`Picture of the flow: ${document.nodes.map(({ label, id }) => label ?? id).join(', ')}`}
      viewBox={`0 0 ${width} ${height}`}
      className={cn('max-h-full max-w-full', className)}
      style={{ width, height }}
    >
      {nodes
        .filter(({ isLoop }) => isLoop)
        .map(({ node, box }) => (
          <rect
            key={node.id}
            {...box}
            rx={9}
            strokeDasharray="4 3"
            className="fill-accent-soft/40 stroke-border-strong"
          />
        ))}
      {lines.map(({ key, path, isUndo }) => (
        <path
          key={key}
          d={path}
          fill="none"
          strokeWidth={1.5}
          strokeDasharray={isUndo ? '3 3' : undefined}
          className="stroke-border-strong"
        />
      ))}
      {nodes.map(({ node, box, isLoop }) => (
        <Chip
          key={node.id}
          look={nodeLook(node)}
          x={isLoop ? box.x + 4 : box.x}
          y={isLoop ? box.y + 4 : box.y}
          size={isLoop ? CHIP - 8 : CHIP}
        />
      ))}
    </svg>
  );
}

function Chip({ look, x, y, size }: { look: NodeLook; x: number; y: number; size: number }) {
  const icon = size < CHIP ? ICON - 3 : ICON;
  const inset = (size - icon) / 2;
  return (
    <g transform={`translate(${x} ${y})`}>
      <rect
        width={size}
        height={size}
        rx={look.tint === 'trigger' ? size / 2 : 8}
        className="fill-surface stroke-border-strong"
      />
      <g transform={`translate(${inset} ${inset})`} className={TINTS[look.tint]}>
        <svg width={icon} height={icon} viewBox="0 0 24 24">
          <OperationIcon name={look.icon} mark={look.mark} />
        </svg>
      </g>
    </g>
  );
}
