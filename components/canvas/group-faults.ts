import type { Fault } from '#core/fault.ts';

import { sameJson } from '#core/same-json.ts';

/** Faults by node. Keeps the earlier list of a node whose faults are the same, so that the node is not redrawn. */
export function groupFaults(
  faults: readonly Fault[],
  before: ReadonlyMap<string, readonly Fault[]> = new Map(),
): ReadonlyMap<string, readonly Fault[]> {
  const groups = new Map<string, Fault[]>();
  for (const fault of faults) {
    if (fault.nodeId === undefined) continue;
    groups.set(fault.nodeId, [...(groups.get(fault.nodeId) ?? []), fault]);
  }
  const kept = [...groups].map(([nodeId, list]): [string, readonly Fault[]] => {
    const old = before.get(nodeId);
    return [nodeId, old && sameJson(old, list) ? old : list];
  });
  return new Map(kept);
}
