import { findOperation } from '#connectors/definitions.ts';
import type { FlowNode } from '#core/flow-document.ts';
import type { Json } from '#core/json.ts';

/**
 * What a trigger's step puts out: the whole request where that is what starts the flow, else what the event says. The journal does
 * not keep it a second time: it follows from the event.
 *
 * @param trigger the event as `triggerValue` makes it; null for a run without one.
 */
export function triggerOutput(node: Pick<FlowNode, 'type' | 'version'>, trigger: Json): Json {
  const operation = findOperation(node.type, node.version)?.operation;
  if (operation?.kind === 'trigger' && operation.delivery === 'webhook') return trigger;
  return (trigger as { readonly body?: Json } | null)?.body ?? null;
}
