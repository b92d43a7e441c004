import { freshId } from '#core/graph.ts';
import type { FlowDocument, FlowEdge, FlowNode } from '#core/flow-document.ts';
import { rebindSteps } from '#core/rebind-steps.ts';

import type { Divergence } from './rebase.ts';
import { sameJson } from '#core/same-json.ts';

/**
 * Mine, with other ids for those of my new nodes whose id they gave to a new node of their own: two people who each add
 * a second "Map" both get `map2`. My edges and expressions follow the rename.
 */
export function separateNewNodes({ base, mine, theirs }: Divergence): FlowDocument {
  const known = new Set(base.nodes.map((node) => node.id));
  const theirNew = new Map(theirs.nodes.filter((node) => !known.has(node.id)).map((node) => [node.id, node]));
  const taken = new Set([...mine.nodes, ...theirs.nodes].map((node) => node.id));
  const renames = new Map<string, string>();
  for (const node of mine.nodes) {
    const other = theirNew.get(node.id);
    if (!other || sameJson(other, node)) continue;
    const id = freshId(taken, node.id);
    taken.add(id);
    renames.set(node.id, id);
  }
  return renames.size === 0 ? mine : rename(mine, renames);
}

function rename(document: FlowDocument, renames: ReadonlyMap<string, string>): FlowDocument {
  const newId = (id: string) => renames.get(id) ?? id;
  const edges = document.edges.map((edge): FlowEdge => ({
    ...edge,
    from: newId(edge.from),
    to: newId(edge.to),
  }));
  const nodes = document.nodes.map((node): FlowNode => ({
    ...node,
    id: newId(node.id),
    config: rebindSteps(node.config, renames),
    ...(node.compensate !== undefined && { compensate: newId(node.compensate) }),
    ...(node.parent !== undefined && { parent: newId(node.parent) }),
  }));
  return { ...document, nodes, edges };
}
