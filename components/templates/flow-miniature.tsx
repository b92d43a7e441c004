'use client';

import type { NodeLook } from '#components/canvas/node-look.ts';
import { OperationIcon } from '#components/canvas/operation-icon.tsx';

import type { FlowPicture } from './flow-picture.ts';
import { CHIP } from './chip.ts';

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
export function FlowMiniature({ picture }: { picture: FlowPicture }) {
  const { width, height, nodes, lines, label } = picture;
  return (
    <svg
      role="img"
      aria-label={`Picture of the flow: ${label}`}
      viewBox={`0 0 ${width} ${height}`}
      className="max-h-full max-w-full"
      style={{ width, height }}
    >
      {nodes
        .filter(({ isLoop }) => isLoop)
        .map(({ id, box }) => (
          <rect
            key={id}
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
      {nodes.map(({ id, look, box, isLoop }) => (
        <Chip
          key={id}
          look={look}
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
