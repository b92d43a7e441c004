import type { FlowDocument, FlowNode } from '#core/flow-document.ts';

/** What data a node can use does not depend on these; nodes are compared one by one. */
const UNRELATED: ReadonlySet<string> = new Set([
  'format',
  'name',
  'description',
  'settings',
  'notes',
  'nodes',
]);

/**
 * True when two states of a flow differ at most in the settings, options and place of one node: the data that it can use, and how
 * that is called, are the same. Compares parts by identity, so that it costs little while somebody types.
 */
export function sameSurroundings(before: FlowDocument, after: FlowDocument, nodeId: string): boolean {
  if (before === after) return true;
  const names = Object.keys({ ...before, ...after }) as (keyof FlowDocument)[];
  return (
    names.every((name) => UNRELATED.has(name) || before[name] === after[name]) &&
    before.nodes.length === after.nodes.length &&
    before.nodes.every((node, index) => isSame(node, after.nodes[index], nodeId))
  );
}

function isSame(before: FlowNode, after: FlowNode | undefined, nodeId: string): boolean {
  if (before === after) return true;
  return (
    after?.id === nodeId &&
    before.id === nodeId &&
    before.type === after.type &&
    before.version === after.version &&
    before.label === after.label &&
    before.parent === after.parent &&
    before.compensate === after.compensate
  );
}
