import type { Catalog } from '#core/catalog.ts';
import { fieldChanges } from '#core/diff-flows/field-changes.ts';
import type { FlowDocument, FlowNode } from '#core/flow-document.ts';

/** What publishing changes in how the flow is started, in sentences; none when it starts as before. */
export function triggerWords(
  before: FlowDocument | undefined,
  after: FlowDocument,
  catalog: Catalog,
): string[] {
  const [old, now] = [before && triggerOf(before, catalog), triggerOf(after, catalog)];
  const label = (node: FlowNode) => catalog(node.type, node.version)?.label ?? node.type;
  if (!now || (old && !isMoved(old, now))) return [];
  if (!old) return [];
  if (old.type === now.type)
    return now.type === 'core.webhook'
      ? ['The hook keeps its URL; its new settings hold for the next event.']
      : [`${label(now)} starts with its new settings at once.`];
  return [
    `${label(now)} starts it instead of ${label(old)}.`,
    ...(old.type === 'core.webhook'
      ? ['Its hook answers 410 from then on; its URL comes back with a webhook.']
      : []),
  ];
}

function triggerOf({ nodes }: FlowDocument, catalog: Catalog): FlowNode | undefined {
  return nodes.find(({ type, version }) => catalog(type, version)?.kind === 'trigger');
}

/** A trigger that is only called or placed otherwise starts runs as before. */
function isMoved(old: FlowNode, now: FlowNode): boolean {
  const essence = ({ type, connection, config }: FlowNode) => ({
    type,
    connection: connection ?? null,
    config,
  });
  return fieldChanges(essence(old), essence(now)).length > 0;
}
