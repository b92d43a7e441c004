import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { operationsBetween } from '#components/canvas/document-diff.ts';
import { edgeId } from '#core/edge-id.ts';
import { catalog } from '#connectors/definitions.ts';
import { applyOperation } from '#core/apply-operation.ts';
import type { FlowDocument } from '#core/flow-document.ts';
import type { FlowOperation } from '#core/flow-operation.ts';
import { orderFlow, testEdge, testNode, withNode } from '#test/support/editor-flow.ts';
import { anyEdits, applyWhatFits } from '#test/support/random-edits.ts';

function applyAll(flow: FlowDocument, operations: readonly FlowOperation[]): FlowDocument {
  return operations.reduce((document, operation) => {
    const applied = applyOperation(document, operation, catalog);
    if (!applied.ok) throw new Error(`${operation.kind}: ${applied.faults[0]?.message}`);
    return applied.flow;
  }, flow);
}

/** Documents say the same in whatever order their parts stand. */
function sorted(flow: FlowDocument): FlowDocument {
  return {
    ...flow,
    nodes: flow.nodes.toSorted((a, b) => a.id.localeCompare(b.id)),
    edges: flow.edges.toSorted((a, b) => edgeId(a).localeCompare(edgeId(b))),
  };
}

describe('the operations between two documents', () => {
  it('are none for the same document', () => {
    expect(operationsBetween(orderFlow(), orderFlow())).toEqual([]);
  });

  it('name the smallest setting that differs, and take an expression as one value', () => {
    const mine = withNode(orderFlow(), 'map', {
      config: { output: { id: { $expr: 'trigger.body.number' }, title: 'Order' } },
    });
    expect(operationsBetween(orderFlow(), mine)).toEqual([
      { kind: 'set_config', nodeId: 'map', path: ['output', 'id'], value: { $expr: 'trigger.body.number' } },
    ]);
  });

  it('remove a setting and an option that are gone', () => {
    const base = withNode(orderFlow(), 'post', { onError: 'continue' });
    const mine = withNode(base, 'post', { onError: undefined, config: { method: 'POST' } });
    expect(operationsBetween(base, mine)).toEqual([
      { kind: 'set_config', nodeId: 'post', path: ['url'], value: undefined },
      { kind: 'set_options', nodeId: 'post', options: { onError: undefined } },
    ]);
  });

  it('remove and add a node whose type changed, with its edges', () => {
    const base = orderFlow();
    const mine = {
      ...base,
      nodes: base.nodes.map((node) => (node.id === 'map' ? testNode('map', 'core.filter') : node)),
    };
    expect(operationsBetween(base, mine).map(({ kind }) => kind)).toEqual([
      'remove_nodes',
      'add_node',
      'add_edge',
      'add_edge',
    ]);
    expect(sorted(applyAll(base, operationsBetween(base, mine)))).toEqual(sorted(mine));
  });

  it('do not remove edges that go with their node', () => {
    const base = orderFlow();
    const mine = {
      ...base,
      nodes: base.nodes.filter(({ id }) => id !== 'post'),
      edges: base.edges.slice(0, 2),
    };
    expect(operationsBetween(base, mine)).toEqual([{ kind: 'remove_nodes', nodeIds: ['post'] }]);
  });

  it('turn an edge around without ever closing a circle', () => {
    const base = orderFlow();
    const mine = { ...base, edges: [...base.edges.slice(0, 1), testEdge('if.false>map')] };
    expect(sorted(applyAll(base, operationsBetween(base, mine)))).toEqual(sorted(mine));
  });

  it('tell the flow’s name, description, settings and notes', () => {
    const note = { id: 'n1', text: 'Ask Ada', position: { x: 0, y: 0 } };
    const base = orderFlow({ notes: [{ ...note, id: 'old' }] });
    const mine = orderFlow({
      name: 'New',
      description: 'Why',
      settings: { timeoutSeconds: 5 },
      notes: [note],
    });
    expect(operationsBetween(base, mine)).toEqual([
      { kind: 'set_settings', settings: { timeoutSeconds: 5 } },
      { kind: 'describe_flow', name: 'New' },
      { kind: 'describe_flow', description: 'Why' },
      { kind: 'remove_notes', noteIds: ['old'] },
      { kind: 'put_note', note },
    ]);
  });

  it('lead from any document to any edit of it', () => {
    fc.assert(
      fc.property(anyEdits(), (edits) => {
        const base = orderFlow();
        const mine = applyWhatFits(base, edits);
        expect(sorted(applyAll(base, operationsBetween(base, mine)))).toEqual(sorted(mine));
      }),
      { numRuns: 200 },
    );
  });
});
