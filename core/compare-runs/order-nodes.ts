import type { FlowDocument } from '../flow-document.ts';

type Graph = Pick<FlowDocument, 'nodes' | 'edges'>;

/** The place of each node in the order of the graph: after all that lead to it; a loop's body after the loop. Ties as in the document. */
export function orderNodes({ nodes, edges }: Graph): ReadonlyMap<string, number> {
  const ids = new Set(nodes.map(({ id }) => id));
  const links = [
    ...edges.map(({ from, to }) => ({ from, to })),
    ...nodes.flatMap(({ id, parent }) => (parent === undefined ? [] : [{ from: parent, to: id }])),
    ...nodes.flatMap(({ id, compensate }) =>
      compensate === undefined ? [] : [{ from: id, to: compensate }],
    ),
  ].filter(({ from, to }) => ids.has(from) && ids.has(to));
  const following = Map.groupBy(links, ({ from }) => from);
  const open = new Map(nodes.map(({ id }) => [id, 0]));
  for (const { to } of links) open.set(to, open.get(to)! + 1);
  const order = new Map<string, number>();
  const ready = nodes.filter(({ id }) => open.get(id) === 0).map(({ id }) => id);
  for (let id = ready.shift(); id !== undefined; id = ready.shift()) {
    order.set(id, order.size);
    for (const { to } of following.get(id) ?? []) {
      open.set(to, open.get(to)! - 1);
      if (open.get(to) === 0) ready.push(to);
    }
  }
  // Nodes on a cycle, which no stored flow has, come last.
  for (const { id } of nodes) if (!order.has(id)) order.set(id, order.size);
  return order;
}
