import type { Fault } from '../fault.ts';
import { type FlowDocument, type FlowEdge, type FlowNode, edgePort } from '../flow-document.ts';

/** What an operation makes of a flow, before the result is checked: the new flow, or why there is none. */
export type Edit =
  | { readonly ok: true; readonly flow: FlowDocument }
  | { readonly ok: false; readonly faults: readonly Fault[] };

export function edited(flow: FlowDocument): Edit {
  return { ok: true, flow };
}

/** An operation that does not apply to this flow. */
export function refuse(code: string, message: string, at: { pointer?: string; nodeId?: string } = {}): Edit {
  const { pointer = '', nodeId } = at;
  return {
    ok: false,
    faults: [{ level: 'refused', code, pointer, message, ...(nodeId !== undefined && { nodeId }) }],
  };
}

/** The operation names a node that is not there. */
export function noSuchNode(nodeId: string): Edit {
  return refuse('node_unknown', `There is no node "${nodeId}" any more.`, { nodeId });
}

/** The flow with one node in place of the one at `index`. */
export function withNode(flow: FlowDocument, index: number, node: FlowNode): FlowDocument {
  return { ...flow, nodes: flow.nodes.with(index, node) };
}

export function sameEdge(a: FlowEdge, b: FlowEdge): boolean {
  return a.from === b.from && a.to === b.to && edgePort(a) === edgePort(b);
}

/** An edge in its shortest form: no `port` when it is the default one. */
export function makeEdge(from: string, port: string, to: string): FlowEdge {
  return port === 'out' ? { from, to } : { from, port, to };
}

/** A node without keys that hold undefined, as JSON would carry it. */
export function cleanNode(node: FlowNode): FlowNode {
  const entries = Object.entries(node).filter(([, value]) => value !== undefined);
  return { config: {}, ...Object.fromEntries(entries) } as FlowNode;
}
