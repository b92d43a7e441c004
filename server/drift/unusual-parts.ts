import { describeDeparture } from '#core/drift/describe-departure.ts';
import { findDepartures } from '#core/drift/find-departures.ts';
import { learnShape } from '#core/drift/learn-shape.ts';
import type { Shape } from '#core/drift/shape.ts';
import { jsonPointer } from '#core/fault.ts';
import type { Json } from '#core/json.ts';
import type { Mismatch } from '#server/ingress/schema-check.ts';

/** How a body departs from what was learned, new fields apart: nothing reads them yet. Nothing where nothing was learned. */
export function unusualParts(learned: Shape | null, body: Json): readonly Mismatch[] {
  if (learned === null) return [];
  return findDepartures(learned, learnShape(body))
    .filter(({ kind }) => kind !== 'added')
    .map((departure) => ({ pointer: jsonPointer(departure.path), message: describeDeparture(departure) }));
}
