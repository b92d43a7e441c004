import type { FlowDocument } from '../flow-document.ts';
import { sameJson } from '../same-json.ts';
import type { PinnedAnswer } from './pin.ts';

type PinSets = FlowDocument['pinSets'];

/** A pin of a named set that is another than before; undefined where there is none. */
export interface ChangedPin {
  readonly set: string;
  readonly nodeId: string;
  readonly before: PinnedAnswer | undefined;
  readonly after: PinnedAnswer | undefined;
}

/** Every difference between two documents' sets of pins, one a node and set. */
export function changedPins(before: PinSets, after: PinSets): ChangedPin[] {
  return Object.keys({ ...before, ...after }).flatMap((set) =>
    Object.keys({ ...setOf(before, set), ...setOf(after, set) }).flatMap((nodeId) => {
      const change = { set, nodeId, before: pinIn(before, set, nodeId), after: pinIn(after, set, nodeId) };
      return sameJson(change.before, change.after) ? [] : [change];
    }),
  );
}

/** What a node answers in a set itself. People name sets and nodes: `toString` is a name like any other. */
export function pinIn(sets: PinSets, set: string, nodeId: string): PinnedAnswer | undefined {
  const own = setOf(sets, set);
  return own && Object.hasOwn(own, nodeId) ? own[nodeId] : undefined;
}

function setOf(sets: PinSets, set: string): Readonly<Record<string, PinnedAnswer>> | undefined {
  return sets && Object.hasOwn(sets, set) ? sets[set] : undefined;
}
