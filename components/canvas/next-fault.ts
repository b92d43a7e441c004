import type { Fault } from '#core/fault.ts';
import type { FlowDocument } from '#core/flow-document.ts';

/**
 * The fault to go to from where the reader is: the first one of a node after the selected one in the document, and round
 * again from the start; those of the flow itself come last. Undefined when there are none.
 */
export function nextFault(
  document: Pick<FlowDocument, 'nodes'>,
  faults: readonly Fault[],
  { from, step }: { from: string | undefined; step: 1 | -1 },
): Fault | undefined {
  const places = new Map(document.nodes.map(({ id }, index) => [id, index]));
  const placeOf = (nodeId: string | undefined): number => places.get(nodeId ?? '') ?? document.nodes.length;
  // One stop for each node: its other faults are listed where that leads to.
  const stops = [...Map.groupBy(faults, (fault) => placeOf(fault.nodeId))].sort(([a], [b]) => (a - b) * step);
  const at = from === undefined ? (step === 1 ? -1 : Infinity) : placeOf(from);
  const next = stops.find(([place]) => (place - at) * step > 0) ?? stops[0];
  return next?.[1][0];
}
