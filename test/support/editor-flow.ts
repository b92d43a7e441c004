import type { FlowDocument, FlowEdge, FlowNode } from '#core/flow-document.ts';

import { emptyFlow } from './sample-flows.ts';

/** A node for tests of the editor, at a place in a row. */
export function testNode(id: string, type: string, rest: Partial<FlowNode> = {}): FlowNode {
  return { id, type, version: 1, config: {}, position: { x: 0, y: 0 }, ...rest };
}

/** An edge by the short form `hook>map` or `if.true>post`. */
export function testEdge(text: string): FlowEdge {
  const [source = '', to = ''] = text.split('>');
  const [from = '', port] = source.split('.');
  return port === undefined ? { from, to } : { from, port, to };
}

/** A webhook that maps, decides and posts: `hook > map > if`, `if.true > post`. */
export function orderFlow(rest: Partial<FlowDocument> = {}): FlowDocument {
  return {
    ...emptyFlow('orders'),
    nodes: [
      testNode('hook', 'core.webhook', { label: 'New order' }),
      testNode('map', 'core.map', {
        position: { x: 320, y: 0 },
        config: { output: { id: { $expr: 'trigger.body.id' }, title: 'Order' } },
      }),
      testNode('if', 'core.if', {
        position: { x: 640, y: 0 },
        config: { condition: { $expr: 'steps.map.id > 1' } },
      }),
      testNode('post', 'http.request', {
        position: { x: 960, y: 0 },
        config: { method: 'POST', url: 'https://api.example.com/orders' },
      }),
    ],
    edges: ['hook>map', 'map>if', 'if.true>post'].map(testEdge),
    ...rest,
  };
}

/** The flow with one node changed. */
export function withNode(flow: FlowDocument, id: string, change: Partial<FlowNode>): FlowDocument {
  return { ...flow, nodes: flow.nodes.map((node) => (node.id === id ? { ...node, ...change } : node)) };
}
