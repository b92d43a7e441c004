import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { changesBetween } from '#components/canvas/document-changes.ts';
import { rebaseDraft } from '#components/canvas/rebase.ts';
import { resolveOverlap } from '#components/canvas/resolve-overlap.ts';
import { sameJson } from '#core/same-json.ts';
import { catalog } from '#connectors/definitions.ts';
import type { FlowDocument } from '#core/flow-document.ts';
import { validateFlow } from '#core/validate-flow.ts';
import { orderFlow, testEdge, testNode, withNode } from '#test/support/editor-flow.ts';
import { anyEdits, applyWhatFits } from '#test/support/random-edits.ts';

const base = orderFlow();
const without = (flow: FlowDocument, id: string): FlowDocument => ({
  ...flow,
  nodes: flow.nodes.filter((node) => node.id !== id),
  edges: flow.edges.filter((edge) => edge.from !== id && edge.to !== id),
});
const withMore = (
  flow: FlowDocument,
  nodes: FlowDocument['nodes'],
  edges: readonly string[] = [],
): FlowDocument => ({
  ...flow,
  nodes: [...flow.nodes, ...nodes],
  edges: [...flow.edges, ...edges.map(testEdge)],
});
const rebase = (mine: FlowDocument, theirs: FlowDocument) => rebaseDraft({ base, mine, theirs }, catalog);

function merged(mine: FlowDocument, theirs: FlowDocument): FlowDocument {
  const result = rebase(mine, theirs);
  if (result.kind !== 'merged') throw new Error(JSON.stringify(result.overlaps));
  return result.document;
}

describe('edits of different places merge', () => {
  it.each<[string, FlowDocument, FlowDocument]>([
    ['two nodes', withNode(base, 'map', { label: 'Mine' }), withNode(base, 'post', { label: 'Theirs' })],
    [
      'two settings of one node',
      withNode(base, 'post', { config: { ...base.nodes[3]?.config, method: 'PUT' } }),
      withNode(base, 'post', { config: { ...base.nodes[3]?.config, url: 'https://other.example.com' } }),
    ],
    [
      'a setting and an option',
      withNode(base, 'if', { config: { condition: true } }),
      withNode(base, 'if', { onError: 'continue' }),
    ],
    ['the name and a node', { ...base, name: 'Mine' }, withNode(base, 'map', { label: 'Theirs' })],
    [
      'an edge and a node',
      { ...base, edges: [...base.edges, testEdge('if.false>post')] },
      withNode(base, 'post', { label: 'Theirs' }),
    ],
    [
      'two new nodes',
      withMore(base, [testNode('stop', 'core.stop')]),
      withMore(base, [testNode('filter', 'core.filter')]),
    ],
    [
      'a removed node and an edit elsewhere',
      without(base, 'post'),
      withNode(base, 'map', { label: 'Theirs' }),
    ],
  ])('%s', (_, mine, theirs) => {
    const document = merged(mine, theirs);
    for (const change of [...changesBetween(base, mine), ...changesBetween(base, theirs)]) {
      expect(changesBetween(base, document).map(({ place }) => place)).toContain(change.place);
    }
  });

  it('keeps both sides’ values', () => {
    const mine = withNode(base, 'map', { label: 'Mine' });
    const theirs = withNode(withNode(base, 'post', { label: 'Theirs' }), 'map', { onError: 'continue' });
    const document = merged(mine, theirs);
    expect(document.nodes[1]).toMatchObject({ label: 'Mine', onError: 'continue' });
    expect(document.nodes[3]).toMatchObject({ label: 'Theirs' });
  });
});

describe('the same done twice is no conflict', () => {
  it.each<[string, FlowDocument]>([
    ['the same label', withNode(base, 'map', { label: 'Same' })],
    ['the same removal', without(base, 'post')],
    ['the same edge', { ...base, edges: [...base.edges, testEdge('if.false>post')] }],
    ['the same new node', withMore(base, [testNode('stop', 'core.stop')], ['post>stop'])],
  ])('%s', (_, both) => {
    expect(merged(both, structuredClone(both))).toEqual(both);
  });
});

describe('layout is no content', () => {
  it('leaves a node that both moved where I put it', () => {
    const mine = withNode(base, 'map', { position: { x: 1, y: 1 } });
    const theirs = withNode(base, 'map', { position: { x: 2, y: 2 } });
    expect(merged(mine, theirs).nodes[1]?.position).toEqual({ x: 1, y: 1 });
  });

  it('forgets that I moved or unplugged what they removed', () => {
    const mine = { ...withNode(base, 'post', { position: { x: 1, y: 1 } }), edges: base.edges.slice(0, 2) };
    expect(merged(mine, without(base, 'post'))).toEqual(without(base, 'post'));
  });
});

describe('edits of the same place overlap', () => {
  it.each<[string, FlowDocument, FlowDocument, string, string]>([
    [
      'two labels',
      withNode(base, 'map', { label: 'A' }),
      withNode(base, 'map', { label: 'B' }),
      'set label to “A”',
      'set label to “B”',
    ],
    [
      'one setting',
      withNode(base, 'post', { config: { method: 'PUT', url: 'https://api.example.com/orders' } }),
      withNode(base, 'post', { config: { method: 'PATCH', url: 'https://api.example.com/orders' } }),
      'set method to “PUT”',
      'set method to “PATCH”',
    ],
    [
      'a setting and one inside it',
      withNode(base, 'map', { config: { output: { $expr: 'trigger.body' } } }),
      withNode(base, 'map', { config: { output: { id: 7, title: 'Order' } } }),
      'set output to {"$expr":"trigger.body"}',
      'set output › id to 7',
    ],
    [
      'edited here, removed there',
      withNode(base, 'post', { label: 'A' }),
      without(base, 'post'),
      'set label to “A”',
      'removed it',
    ],
    [
      'removed here, edited there',
      without(base, 'post'),
      withNode(base, 'post', { label: 'B' }),
      'removed it',
      'set label to “B”',
    ],
    [
      'two names of the flow',
      { ...base, name: 'A' },
      { ...base, name: 'B' },
      'set name of the flow to “A”',
      'set name of the flow to “B”',
    ],
  ])('%s', (_, mine, theirs, iDid, theyDid) => {
    const result = rebase(mine, theirs);
    expect(result).toMatchObject({ kind: 'overlap', overlaps: [{ mine: iDid, theirs: theyDid }] });
  });

  it('a node that I plugged into and they removed', () => {
    const mine = { ...base, edges: [...base.edges, testEdge('if.false>post')] };
    expect(rebase(mine, without(base, 'post')).kind).toBe('overlap');
  });

  it('two edges that close a circle together', () => {
    const start = withMore(
      base,
      [testNode('a', 'core.map'), testNode('b', 'core.map')],
      ['if.false>a', 'if.false>b'],
    );
    const divergence = {
      base: start,
      mine: { ...start, edges: [...start.edges, testEdge('a>b')] },
      theirs: { ...start, edges: [...start.edges, testEdge('b>a')] },
    };
    const result = rebaseDraft(divergence, catalog);
    expect(result.kind).toBe('overlap');
    expect(result.kind === 'overlap' && result.overlaps[0]?.theirs).toMatch(/circle/);
  });

  it('calls nodes by the names that people see', () => {
    const result = rebase(
      withNode(base, 'hook', { onError: 'fail' }),
      withNode(base, 'hook', { label: 'B', onError: 'continue' }),
    );
    expect(result.kind === 'overlap' && result.overlaps[0]?.label).toBe('New order');
    const byType = rebase(withNode(base, 'map', { label: 'A' }), withNode(base, 'map', { label: 'B' }));
    expect(byType.kind === 'overlap' && byType.overlaps[0]?.label).toBe('A');
  });
});

describe('two new nodes under one id', () => {
  const mine = withMore(
    base,
    [
      testNode('map2', 'core.map', { config: { output: 'mine' } }),
      testNode('stop', 'core.stop', { config: { message: { $tpl: 'Got {{ steps.map2 }}' } } }),
    ],
    ['post>map2', 'map2>stop'],
  );
  const theirs = withMore(
    base,
    [testNode('map2', 'core.map', { config: { output: 'theirs' } })],
    ['if.false>map2'],
  );

  it('are both kept, and what is mine follows mine', () => {
    const document = merged(mine, theirs);
    const config = (id: string) => document.nodes.find((node) => node.id === id)?.config;
    expect(config('map2')).toEqual({ output: 'theirs' });
    expect(config('map3')).toEqual({ output: 'mine' });
    expect(config('stop')).toEqual({ message: { $tpl: 'Got {{ steps.map3 }}' } });
    expect(document.edges.slice(3)).toEqual([
      testEdge('if.false>map2'),
      testEdge('post>map3'),
      testEdge('map3>stop'),
    ]);
  });
});

describe('a choice between overlapping edits', () => {
  const mine = withNode(withNode(base, 'map', { label: 'A' }), 'post', { onError: 'continue' });
  const theirs = withNode({ ...withNode(base, 'map', { label: 'B' }), name: 'Theirs' }, 'post', {
    label: 'Post',
  });

  it('keeps mine there, and theirs everywhere else', () => {
    const document = resolveOverlap({ base, mine, theirs }, 'mine', catalog);
    expect(document.name).toBe('Theirs');
    expect(document.nodes[1]?.label).toBe('A');
    expect(document.nodes[3]).toMatchObject({ label: 'Post', onError: 'continue' });
  });

  it('takes theirs there, and mine everywhere else', () => {
    const document = resolveOverlap({ base, mine, theirs }, 'theirs', catalog);
    expect(document.nodes[1]?.label).toBe('B');
    expect(document.nodes[3]).toMatchObject({ label: 'Post', onError: 'continue' });
  });

  it('brings back a node that they removed and I edited', () => {
    const edited = withNode(base, 'post', { label: 'Mine' });
    const document = resolveOverlap({ base, mine: edited, theirs: without(base, 'post') }, 'mine', catalog);
    expect(document).toEqual(edited);
  });
});

it('never loses an edit and never makes a flow that cannot be stored, whatever two people do', () => {
  fc.assert(
    fc.property(anyEdits(), anyEdits(), (myEdits, theirEdits) => {
      const [mine, theirs] = [applyWhatFits(base, myEdits), applyWhatFits(base, theirEdits)];
      const result = rebase(mine, theirs);
      const outcomes =
        result.kind === 'merged'
          ? [result.document]
          : (['mine', 'theirs'] as const).map((keep) =>
              resolveOverlap({ base, mine, theirs }, keep, catalog),
            );
      for (const document of outcomes) expect(validateFlow(document, catalog).flow).not.toBeNull();
      if (result.kind !== 'merged') return;
      const after = changesBetween(base, result.document);
      // Where a node stands, and an edge that someone cut, the other side may have settled otherwise.
      const content = changesBetween(base, theirs).filter(
        ({ kind }) => kind !== 'moved' && kind !== 'edge_removed',
      );
      for (const change of content) {
        const kept = after.find((other) => other.place === change.place);
        expect(kept?.kind).toBe(change.kind);
        if (change.kind === 'edited') expect(sameJson(kept?.value, change.value)).toBe(true);
      }
    }),
    { numRuns: 300 },
  );
});
