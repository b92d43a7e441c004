import type { FlowDocument } from '../flow-document.ts';
import type { FlowOperation } from '../flow-operation.ts';
import type { Json } from '../json.ts';
import { pinIn } from './changed-pins.ts';
import type { PinnedAnswer } from './pin.ts';

/** The set that every flow has: the outputs of `pins`, and what else is pinned under this name. */
export const DEFAULT_SET = 'default';

type Pinned = Pick<FlowDocument, 'pins' | 'pinSets'>;
type Answers = Readonly<Record<string, PinnedAnswer>>;

/** The names of the sets of a flow, the default one first, the others by the alphabet. */
export function pinSetNames({ pinSets = {} }: Pinned): string[] {
  const named = Object.keys(pinSets).filter((name) => name !== DEFAULT_SET);
  return [DEFAULT_SET, ...named.sort((a, b) => a.localeCompare(b))];
}

/** What is pinned in a set itself. */
export function ownPins({ pins, pinSets = {} }: Pinned, set: string): Answers {
  const own = Object.hasOwn(pinSets, set) ? pinSets[set] : undefined;
  return set === DEFAULT_SET ? { ...plain(pins), ...own } : { ...own };
}

/** What answers in a test run with a set: its own pins, and those of the default set for all other nodes. A set that is not there adds nothing. */
export function pinsOfSet(flow: Pinned, set: string): Answers {
  return { ...ownPins(flow, DEFAULT_SET), ...ownPins(flow, set) };
}

/** The edits that pin an answer in a set, in place of what is pinned there, or with undefined take it off. */
export function pinOperations(
  { pins, pinSets }: Pinned,
  {
    set,
    nodeId,
    answer,
  }: { readonly set: string; readonly nodeId: string; readonly answer: PinnedAnswer | undefined },
): FlowOperation[] {
  const isInSet = pinIn(pinSets, set, nodeId) !== undefined;
  if (set !== DEFAULT_SET) return answer || isInSet ? [{ kind: 'put_pin', set, nodeId, answer }] : [];
  const output = outputAlone(answer);
  const inSet = output === undefined ? answer : undefined;
  return [
    ...(output !== undefined || Object.hasOwn(pins, nodeId)
      ? [{ kind: 'set_pin', nodeId, output } as const]
      : []),
    ...(inSet || isInSet ? [{ kind: 'put_pin', set, nodeId, answer: inSet } as const] : []),
  ];
}

/** What a node answers; undefined where nothing is pinned. */
export function pinOf(answers: Answers, nodeId: string): PinnedAnswer | undefined {
  return Object.hasOwn(answers, nodeId) ? answers[nodeId] : undefined;
}

/** The output of an answer that `pins` can hold. */
function outputAlone(answer: PinnedAnswer | undefined): Json | undefined {
  return answer && 'output' in answer && answer.ports === undefined ? answer.output : undefined;
}

function plain(pins: FlowDocument['pins']): Answers {
  return Object.fromEntries(Object.entries(pins).map(([nodeId, output]) => [nodeId, { output }]));
}
