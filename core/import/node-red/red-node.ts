import type { JsonObject } from '../../json.ts';
import type { Hint } from '../hint.ts';
import type { Mapped, NewNode } from '../mapped.ts';
import type { SourceNode } from '../source-flow.ts';
import { type MsgData, msgOf } from './msg-data.ts';
import type { MsgValues } from './msg-values.ts';

/** A node of Node-RED on its way into the flow, and what its mapping may ask. */
export interface RedNode {
  readonly source: SourceNode;
  readonly settings: JsonObject;
  readonly id: string;
  readonly values: MsgValues;
  readonly msg: MsgData;
  /** For a node that gathers a loop: the expression of the results, and why there is none. */
  readonly gathers: boolean;
  hint(one: Hint): void;
}

export type RedMade = Omit<Mapped<MsgData>, 'hints'>;
export type RedMapping = (node: RedNode) => RedMade;

/** A node of ours with one output, and the message that goes on. */
export function turnsInto(
  node: RedNode,
  type: string,
  config: JsonObject,
  data: MsgData,
  more: Partial<NewNode> = {},
): RedMade {
  return { outcome: 'node', node: { type, config, ...more }, data: () => data };
}

/** Nothing here does what the node does. */
export function notImported(node: RedNode, why: string, remedy: string): RedMade {
  node.hint({ kind: 'do', place: 'Node', why, remedy });
  return { outcome: 'left_out', data: () => msgOf({}, {}) };
}

export function ask(node: RedNode, place: string, why: string, remedy: string, original?: string): void {
  node.hint({
    kind: 'do',
    place,
    why,
    remedy,
    ...(original !== undefined && { original: original.slice(0, 1_000) }),
  });
}

export function know(node: RedNode, place: string, why: string): void {
  node.hint({ kind: 'know', place, why });
}
