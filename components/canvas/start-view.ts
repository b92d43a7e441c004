import type { Viewport } from '@xyflow/react';

import type { CanvasNode } from './canvas-node.ts';

/** Below this the names of nodes cannot be read. */
const READABLE_ZOOM = 0.45;
const START_ZOOM = 0.7;
const MARGIN = 48;

/**
 * Where to look first at a flow that is too large to be read as a whole: at the selected node, else at its beginning.
 * Undefined when all of it fits. `room` is the canvas's size in pixels.
 */
export function startView(
  nodes: readonly CanvasNode[],
  room: { readonly width: number; readonly height: number },
): Viewport | undefined {
  const [first] = nodes;
  if (!first) return undefined;
  const lefts = nodes.map(({ position }) => position.x);
  const tops = nodes.map(({ position }) => position.y);
  const width =
    Math.max(...nodes.map(({ position, initialWidth = 0 }) => position.x + initialWidth)) -
    Math.min(...lefts);
  const height =
    Math.max(...nodes.map(({ position, initialHeight = 0 }) => position.y + initialHeight)) -
    Math.min(...tops);
  const zoom = Math.min((room.width - 2 * MARGIN) / width, (room.height - 2 * MARGIN) / height);
  if (zoom >= READABLE_ZOOM) return undefined;
  const selected = nodes.find((node) => node.selected === true);
  const { position, initialWidth = 0, initialHeight = 0 } = selected ?? first;
  const left = selected ? (room.width - initialWidth * START_ZOOM) / 2 : MARGIN;
  return {
    x: left - position.x * START_ZOOM,
    y: room.height / 2 - (position.y + initialHeight / 2) * START_ZOOM,
    zoom: START_ZOOM,
  };
}
