import { describe, expect, it } from 'vitest';

import { applyOperation } from '#core/apply-operation.ts';
import type { FlowDocument } from '#core/flow-document.ts';
import type { FlowOperation } from '#core/flow-operation.ts';
import { catalog } from '#connectors/definitions.ts';
import { testEdge, testNode } from '#test/support/editor-flow.ts';
import { loopFlow } from '#test/support/loop-flow.ts';

const apply = (flow: FlowDocument, operation: FlowOperation) => applyOperation(flow, operation, catalog);
const move = (nodeIds: readonly string[], parent?: string): FlowOperation => ({
  kind: 'set_parent',
  nodeIds,
  parent,
});
const parents = (flow: FlowDocument) => flow.nodes.map((node) => node.parent);

function applied(flow: FlowDocument, operation: FlowOperation): FlowDocument {
  const result = apply(flow, operation);
  if (!result.ok) throw new Error(result.faults[0]?.message);
  return result.flow;
}

function refusal(flow: FlowDocument, operation: FlowOperation): string {
  const result = apply(flow, operation);
  return result.ok ? 'not refused' : `${result.faults[0]?.code}: ${result.faults[0]?.message}`;
}

const withLoose = loopFlow({
  nodes: [
    ...loopFlow().nodes,
    testNode('loose', 'core.map'),
    testNode('other', 'core.map'),
    testNode('inner', 'core.each'),
  ],
  edges: [...loopFlow().edges, testEdge('loose>other')],
});

describe('putting nodes into loops', () => {
  it('takes connected nodes in together, and out again', () => {
    const inside = applied(withLoose, move(['loose', 'other'], 'each'));
    expect(inside.nodes.filter(({ parent }) => parent === 'each').map(({ id }) => id)).toEqual([
      'shape',
      'book',
      'cancel',
      'loose',
      'other',
    ]);
    expect(inside.edges).toEqual(withLoose.edges);
    const out = applied(inside, move(['loose', 'other']));
    expect(out).toEqual(withLoose);
    expect(Object.keys(out.nodes.find(({ id }) => id === 'loose') ?? {})).not.toContain('parent');
  });

  it('brings along what undoes a node', () => {
    const alone = loopFlow({ edges: ['start>each', 'each>end'].map(testEdge) });
    const out = applied(alone, move(['book']));
    expect(parents(out)).toEqual([undefined, undefined, 'each', undefined, undefined, undefined]);
  });

  it('moves a loop with all that is in it by moving the loop', () => {
    const nested = applied(withLoose, move(['inner'], 'each'));
    expect(nested.nodes.find(({ id }) => id === 'inner')?.parent).toBe('each');
  });

  it('changes nothing when they are there already', () => {
    expect(applied(withLoose, move(['shape', 'book'], 'each'))).toBe(withLoose);
    expect(applied(withLoose, move(['loose']))).toBe(withLoose);
  });

  it.each<[string, readonly string[], string | undefined, string]>([
    [
      'an edge would cross the frame',
      ['loose'],
      'each',
      'edge_crosses_loop: "loose" is connected to "other"',
    ],
    [
      'an edge would cross it outwards',
      ['book'],
      undefined,
      'edge_crosses_loop: "book" is connected to "shape"',
    ],
    ['the loop has edges to nodes that stay', ['each'], 'inner', 'edge_crosses_loop: "each" is connected'],
    ['it is a trigger', ['start'], 'inner', 'edge_crosses_loop'],
    ['a loop would be in itself', ['inner'], 'inner', 'parent_itself'],
    ['the node around is no loop', ['inner'], 'loose', 'parent_not_a_loop'],
    ['there is no such loop', ['inner'], 'ghost', 'parent_unknown'],
    ['there is no such node', ['ghost'], 'each', 'node_unknown'],
  ])('is refused when %s', (_, nodeIds, parent, words) => {
    expect(refusal(withLoose, move(nodeIds, parent))).toContain(words);
  });

  it('is refused when a loop would be inside of what is inside of it', () => {
    const nested = applied(withLoose, move(['inner'], 'each'));
    const loose: FlowDocument = { ...nested, edges: [] };
    expect(refusal(loose, move(['each'], 'inner'))).toContain('parent_cycle');
  });

  it('is refused for a trigger that nothing follows', () => {
    expect(refusal({ ...withLoose, edges: [] }, move(['start'], 'each'))).toContain('trigger_in_loop');
  });
});

describe('the ports of a switch', () => {
  const cases = (...names: string[]) => names.map((port) => ({ port, when: { $expr: 'true' } }));
  const flow = loopFlow({
    nodes: [
      ...loopFlow().nodes,
      testNode('switch', 'core.switch', { config: { cases: cases('a', 'b'), mode: 'first' } }),
    ],
    edges: [...loopFlow().edges, testEdge('switch.a>end'), testEdge('switch.default>end')],
  });
  const edgesAfter = (...names: string[]) =>
    applied(flow, {
      kind: 'set_config',
      nodeId: 'switch',
      path: ['cases'],
      value: cases(...names),
    }).edges.slice(3);

  it.each<[string, string[], string[]]>([
    ['another name', ['large', 'b'], ['switch.large>end', 'switch.default>end']],
    ['another order', ['b', 'a'], ['switch.a>end', 'switch.default>end']],
    ['a new case', ['a', 'b', 'c'], ['switch.a>end', 'switch.default>end']],
    ['a case that goes', ['b'], ['switch.default>end']],
    ['the name of another', ['b', 'c'], ['switch.default>end']],
  ])('keep or lose their edges with %s', (_, names, edges) => {
    expect(edgesAfter(...names)).toEqual(edges.map(testEdge));
  });
});
