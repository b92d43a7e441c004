import type { Fault } from '#core/fault.ts';

/** A fault by its place in the node: `/config/url`, `/connection`. */
export interface NodeFault extends Fault {
  readonly place: string;
}

/** A node's faults with pointers that start at the node instead of the document. */
export function nodeFaults(faults: readonly Fault[]): NodeFault[] {
  return faults.map((fault) => ({ ...fault, place: fault.pointer.replace(/^\/nodes\/\d+/, '') }));
}

/** The faults at a place itself, or also below it. */
export function faultsAt(faults: readonly NodeFault[], place: string, withBelow: boolean): NodeFault[] {
  return faults.filter(
    (fault) => fault.place === place || (withBelow && fault.place.startsWith(`${place}/`)),
  );
}
