import type { Fault } from '../fault.ts';
import { edgePort } from '../flow-document.ts';
import { type FlowView, type ViewEdge, nodeName } from './flow-view.ts';

/** Where edges start and end, and that they make no circle. */
export function checkEdges(view: FlowView): readonly Fault[] {
  const seen = new Set<string>();
  return [
    ...view.edges.flatMap((edge) => [
      ...endFaults(edge, view),
      ...portFaults(edge, view),
      ...duplicateFaults(edge, seen),
    ]),
    ...cycleFaults(view),
  ];
}

function endFaults(edge: ViewEdge, view: FlowView): readonly Fault[] {
  const from = view.byId.get(edge.from);
  const to = view.byId.get(edge.to);
  const faults: Fault[] = [];
  if (from === undefined) {
    faults.push(
      refused(edge, '/from', 'edge_from_unknown_node', `There is no node "${edge.from}". Remove the edge.`),
    );
  }
  if (to === undefined) {
    faults.push(
      refused(edge, '/to', 'edge_to_unknown_node', `There is no node "${edge.to}". Remove the edge.`),
    );
  }
  if (edge.from === edge.to) {
    faults.push(refused(edge, '', 'edge_to_itself', `${nodeName({ id: edge.from })} cannot lead to itself.`));
  }
  if (to?.nodeType?.kind === 'trigger') {
    faults.push(
      refused(edge, '/to', 'edge_into_trigger', 'Nothing can lead to a trigger: it starts the flow.'),
    );
  }
  if (from !== undefined && to !== undefined && from.parent !== to.parent) {
    const message = `${nodeName(from)} and ${nodeName(to)} are not in the same loop, so no edge can connect them.`;
    faults.push(refused(edge, '', 'edge_crosses_loop', message));
  }
  return faults;
}

function portFaults(edge: ViewEdge, view: FlowView): readonly Fault[] {
  const from = view.byId.get(edge.from);
  if (from?.nodeType === undefined) return [];
  const port = edgePort(edge);
  if (port === 'error') {
    if (from.onError === 'branch') return [];
    const message = `${nodeName(from)} has an "error" port only when its errors are set to "branch".`;
    return [refused(edge, '/port', 'edge_from_closed_error_port', message)];
  }
  const ports = from.nodeType.ports(from.config);
  if (ports.includes(port)) return [];
  const known = ports.length === 0 ? 'It has none' : `It has ${ports.map((name) => `"${name}"`).join(', ')}`;
  return [
    refused(edge, '/port', 'edge_from_unknown_port', `${nodeName(from)} has no port "${port}". ${known}.`),
  ];
}

function duplicateFaults(edge: ViewEdge, seen: Set<string>): readonly Fault[] {
  const key = `${edge.from} ${edgePort(edge)} ${edge.to}`;
  if (seen.has(key))
    return [refused(edge, '', 'edge_duplicate', 'The same edge is there already. Remove one of them.')];
  seen.add(key);
  return [];
}

/** One fault for each edge that closes a circle. Depth first without recursion: chains are up to 2,000 nodes long. */
function cycleFaults(view: FlowView): readonly Fault[] {
  const outgoing = Map.groupBy(
    view.edges.filter((edge) => edge.from !== edge.to),
    (edge) => edge.from,
  );
  const state = new Map<string, 'open' | 'done'>();
  const faults: Fault[] = [];
  for (const start of outgoing.keys()) {
    if (state.has(start)) continue;
    const path: { readonly id: string; readonly edges: Iterator<ViewEdge> }[] = [];
    const enter = (id: string): void => {
      state.set(id, 'open');
      path.push({ id, edges: (outgoing.get(id) ?? [])[Symbol.iterator]() });
    };
    enter(start);
    for (let at = path.at(-1); at !== undefined; at = path.at(-1)) {
      const step = at.edges.next();
      if (step.done === true) {
        state.set(at.id, 'done');
        path.pop();
      } else if (state.get(step.value.to) === 'open') {
        faults.push(
          cycleFault(
            step.value,
            path.map(({ id }) => id),
          ),
        );
      } else if (!state.has(step.value.to)) {
        enter(step.value.to);
      }
    }
  }
  return faults;
}

function cycleFault(edge: ViewEdge, path: readonly string[]): Fault {
  const circle = [...path.slice(path.indexOf(edge.to)), edge.to];
  const shown = circle.length > 8 ? [...circle.slice(0, 4), '…', ...circle.slice(-3)] : circle;
  return refused(
    edge,
    '',
    'cycle',
    `This edge closes a circle (${shown.join(' → ')}). Use a loop to repeat steps.`,
  );
}

function refused(edge: ViewEdge, place: string, code: string, message: string): Fault {
  const nodeId = place === '/to' ? edge.to : edge.from;
  return { level: 'refused', code, pointer: `/edges/${edge.index}${place}`, message, nodeId };
}
