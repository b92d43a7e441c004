import type { Json, JsonObject } from '../../json.ts';
import type { Hint } from '../hint.ts';
import type { Mapped, NewNode } from '../mapped.ts';
import type { SourceNode } from '../source-flow.ts';
import { type ItemData, one, unknown } from './item-data.ts';
import type { N8nValues } from './n8n-values.ts';
import type { JsResolver } from '../js/translate-js.ts';

/** A node of n8n on its way into the flow, and what its mapping may ask. */
export interface N8nNode {
  readonly source: SourceNode;
  readonly parameters: JsonObject;
  readonly version: number;
  /** The id of its node here. */
  readonly id: string;
  readonly workflowName: string;
  readonly timezone: string | undefined;
  readonly values: N8nValues;
  /** The same values while a list is gone through as `$item`. */
  readonly itemValues: N8nValues;
  readonly resolve: JsResolver;
  input(index?: number): ItemData;
  inputs(): readonly ItemData[];
  dataOf(nodeName: string): ItemData;
  hint(one: Hint): void;
  /** The node is the loop with this body, as far as its key goes. */
  readonly loopResults: ItemData | undefined;
}

export type N8nMapping = (node: N8nNode) => Omit<Mapped<ItemData>, 'hints'>;

/** A node of ours with one output. `data`: what goes on; by default the output of the step. */
export function becomes(
  { id }: N8nNode,
  type: string,
  config: JsonObject,
  data: ItemData = one(`steps.${id}`),
  more: Partial<NewNode> = {},
): Omit<Mapped<ItemData>, 'hints'> {
  return { outcome: 'node', node: { type, config, ...more }, data: () => data };
}

/** Nothing here does what the node does. */
export function leftOut(node: N8nNode, why: string, remedy: string): Omit<Mapped<ItemData>, 'hints'> {
  node.hint({ kind: 'do', place: 'Node', why, remedy });
  return { outcome: 'left_out', data: () => unknown(`“${node.source.name}” was not imported`) };
}

/** Credentials are not in exports. */
export function askConnection(node: N8nNode, app: string): void {
  node.hint({
    kind: 'do',
    place: 'Connection',
    why: 'Credentials are not part of an export.',
    remedy: `Choose a connection for ${app}, or make one.`,
  });
}

export function askValue(node: N8nNode, place: string, why: string, remedy: string, original?: Json): void {
  const shown =
    original === undefined ? undefined : typeof original === 'string' ? original : JSON.stringify(original);
  node.hint({
    kind: 'do',
    place,
    why,
    remedy,
    ...(shown !== undefined && { original: shown.slice(0, 1_000) }),
  });
}

/** What an option of n8n was about that works otherwise here. */
export function tell(node: N8nNode, place: string, why: string): void {
  node.hint({ kind: 'know', place, why });
}
