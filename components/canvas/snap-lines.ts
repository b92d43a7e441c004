import type { Position } from '#core/flow-document.ts';

import type { Box } from './node-place.ts';

/** A line along which boxes are aligned, in flow units: from `from` to `to` at `at`, across the axis that it belongs to. */
export interface SnapLine {
  /** `x`: an upright line at that x; `y`: a level one. */
  readonly axis: 'x' | 'y';
  readonly at: number;
  readonly from: number;
  readonly to: number;
}

export interface Snapped {
  /** How far what is dragged has to move to be aligned, in flow units. */
  readonly by: Position;
  readonly lines: readonly SnapLine[];
}

/** How near is near enough, in flow units. */
const PULL = 6;
/** Boxes further away than this are no neighbours: lines across the whole canvas say nothing. */
const REACH = 1_200;

const NOT_SNAPPED: Snapped = { by: { x: 0, y: 0 }, lines: [] };

/**
 * Aligns a box that is dragged with those around it: left with left, middle with middle, right with right, and the same from
 * top to bottom; for each direction with the nearest. One pass through the boxes.
 */
export function snapTo(moving: Box, others: Iterable<Box>): Snapped {
  const near = [...others].filter((other) => isNear(moving, other));
  if (near.length === 0) return NOT_SNAPPED;
  const by = { x: pull(moving, near, 'x'), y: pull(moving, near, 'y') };
  const placed = { ...moving, x: moving.x + (by.x ?? 0), y: moving.y + (by.y ?? 0) };
  const lines = [
    ...(by.x === undefined ? [] : linesAlong(placed, near, 'x')),
    ...(by.y === undefined ? [] : linesAlong(placed, near, 'y')),
  ];
  return { by: { x: by.x ?? 0, y: by.y ?? 0 }, lines };
}

/** The smallest move that aligns the box with another in one direction; undefined when none is near enough. */
function pull(moving: Box, others: readonly Box[], axis: 'x' | 'y'): number | undefined {
  const own = stops(moving, axis);
  let best: number | undefined;
  for (const other of others) {
    stops(other, axis).forEach((stop, index) => {
      const by = stop - (own[index] ?? Number.NaN);
      if (Math.abs(by) <= PULL && (best === undefined || Math.abs(by) < Math.abs(best))) best = by;
    });
  }
  return best;
}

function linesAlong(placed: Box, others: readonly Box[], axis: 'x' | 'y'): readonly SnapLine[] {
  return stops(placed, axis).flatMap((at, index) => {
    const aligned = others.filter((other) => Math.abs((stops(other, axis)[index] ?? Number.NaN) - at) < 0.01);
    if (aligned.length === 0) return [];
    const ends = [placed, ...aligned].map((box) => span(box, axis === 'x' ? 'y' : 'x'));
    return [
      {
        axis,
        at,
        from: Math.min(...ends.map(([from]) => from)),
        to: Math.max(...ends.map(([, to]) => to)),
      },
    ];
  });
}

/** Both edges and the middle. */
function stops(box: Box, axis: 'x' | 'y'): readonly [number, number, number] {
  const [from, to] = span(box, axis);
  return [from, (from + to) / 2, to];
}

function span(box: Box, axis: 'x' | 'y'): readonly [number, number] {
  return axis === 'x' ? [box.x, box.x + box.width] : [box.y, box.y + box.height];
}

function isNear(one: Box, other: Box): boolean {
  return (
    one.x - REACH < other.x + other.width &&
    other.x < one.x + one.width + REACH &&
    one.y - REACH < other.y + other.height &&
    other.y < one.y + one.height + REACH
  );
}
