import type { FlowNode } from '#core/flow-document.ts';
import type { JsonObject } from '#core/json.ts';

import type { Dice } from './dice.ts';
import type { Draft } from './random-draft.ts';

export interface MadeNode {
  readonly node: FlowNode;
  readonly ports: readonly string[];
  /** Expressions that give its numbers. */
  readonly paths: readonly string[];
}

/** A node with its settings; it may fail, and then any of the three ways is taken. */
export function made(
  { dice }: Draft,
  id: string,
  type: string,
  config: JsonObject,
  ports: readonly string[] = ['out'],
  paths: readonly string[] = [],
): MadeNode {
  const onError = drawOnError(dice, type);
  const node: FlowNode = { id, type, version: 1, config, ...(onError !== undefined && { onError }) };
  return { node, ports: onError === 'branch' ? [...ports, 'error'] : ports, paths };
}

function drawOnError(dice: Dice, type: string): FlowNode['onError'] {
  if (type === 'core.stop' || type === 'core.wait' || type === 'core.respond') return undefined;
  const drawn = dice.weighted({ absent: 50, fail: 10, continue: 20, branch: 20 });
  return drawn === 'absent' ? undefined : drawn;
}
