import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';

import { keepNodes } from '#components/canvas/keep-nodes.ts';
import { nodeBoxes, overlaps } from '#components/canvas/node-place.ts';
import { initialsOf, peopleOf } from '#components/presence/people.ts';
import { whileVisible } from '#components/presence/while-visible.ts';
import { comparedFields } from '#components/versions/compared-fields.ts';
import { openRunsWords } from '#components/versions/open-runs-words.ts';
import { superpose } from '#components/versions/superpose.ts';
import { triggerWords } from '#components/versions/trigger-words.ts';
import { catalog } from '#connectors/definitions.ts';
import { calledFlows } from '#core/called-flows.ts';
import { diffFlows } from '#core/diff-flows/diff-flows.ts';
import type { FlowDocument } from '#core/flow-document.ts';
import { orderFlow, testNode, withNode } from '#test/support/editor-flow.ts';
import { anyEdits, applyWhatFits } from '#test/support/random-edits.ts';

const base = orderFlow();
const without = (flow: FlowDocument, id: string): FlowDocument => ({
  ...flow,
  nodes: flow.nodes.filter((node) => node.id !== id),
  edges: flow.edges.filter(({ from, to }) => from !== id && to !== id),
});
const drawingOf = (before: FlowDocument, after: FlowDocument) =>
  superpose({ before, after, diff: diffFlows(before, after) }, catalog);

describe('two versions on one canvas', () => {
  it('draw every node and edge of both once, and mark what became of each', () => {
    fc.assert(
      fc.property(anyEdits(), anyEdits(), (first, second) => {
        const [before, after] = [applyWhatFits(base, first), applyWhatFits(base, second)];
        const { document, nodes } = drawingOf(before, after);
        const ids = document.nodes.map(({ id }) => id);
        expect(new Set(ids)).toEqual(new Set([...before.nodes, ...after.nodes].map(({ id }) => id)));
        expect(new Set(ids).size).toBe(ids.length);
        for (const { id } of before.nodes)
          expect(nodes.get(id) === 'removed').toBe(!after.nodes.some((node) => node.id === id));
        for (const { from, to } of document.edges) expect(ids).toEqual(expect.arrayContaining([from, to]));
      }),
    );
  });

  it('move a removed node out of the way of what stands in its place now', () => {
    const after = { ...without(base, 'post') };
    after.nodes = [...after.nodes, testNode('mail', 'core.map', { position: { x: 960, y: 0 } })];
    const { document, nodes, edges } = drawingOf(base, after);
    const boxes = nodeBoxes(document, catalog);
    expect(overlaps(boxes.get('post')!, boxes.get('mail')!)).toBe(false);
    expect(Object.fromEntries(nodes)).toEqual({ mail: 'added', post: 'removed' });
    expect(Object.fromEntries(edges)).toEqual({ 'if.true>post': 'removed' });
  });

  it('show the fields that changed, and all settings of an added or removed node', () => {
    const changed = diffFlows(
      base,
      withNode(base, 'post', { config: { method: 'PUT', url: 'https://a.example' } }),
    );
    expect(comparedFields(changed, 'post').map(({ path }) => path.join('.'))).toEqual([
      'config.method',
      'config.url',
    ]);
    expect(comparedFields(changed, 'map')).toEqual([]);
    const removed = diffFlows(base, without(base, 'post'));
    expect(comparedFields(removed, 'post')).toContainEqual({
      path: ['config', 'method'],
      before: 'POST',
      after: undefined,
    });
  });
});

describe('what publishing means', () => {
  it('for runs that have not ended, by the version that they finish on', () => {
    const none = { queued: 0, running: 0, waiting: 0, inDoubt: 0, waitingAt: [] };
    const data = [
      { ...none, version: 5, queued: 2 },
      {
        ...none,
        version: 4,
        running: 1,
        waiting: 2,
        waitingAt: [{ nodeId: 'ask', waitingFor: 'approval' as const, runs: 2 }],
      },
      { ...none, version: null, inDoubt: 1 },
    ];
    expect(openRunsWords({ data }, (nodeId) => `“${nodeId}”`)).toEqual([
      '2 runs finish on version 5: 2 are queued',
      '3 runs finish on version 4: 2 wait at “ask”, 1 is under way',
      '1 run finishes on the draft that it began with: 1 is in doubt',
    ]);
  });

  it('for what starts the flow', () => {
    const scheduled = {
      ...base,
      nodes: base.nodes.map((node) => (node.id === 'hook' ? testNode('hook', 'core.schedule') : node)),
    };
    expect(triggerWords(base, withNode(base, 'hook', { label: 'Renamed' }), catalog)).toEqual([]);
    expect(triggerWords(undefined, base, catalog)).toEqual([]);
    expect(triggerWords(base, withNode(base, 'hook', { config: { method: 'PUT' } }), catalog)[0]).toMatch(
      /keeps its URL/,
    );
    expect(triggerWords(base, scheduled, catalog)).toEqual([
      'Schedule starts it instead of Webhook.',
      'Its hook answers 410 from then on; its URL comes back with a webhook.',
    ]);
  });

  it('for the flows that it starts, each once', () => {
    const call = (id: string, flow: unknown) =>
      testNode(id, 'core.call', { config: { flow } as FlowDocument['nodes'][number]['config'] });
    const flow = {
      ...base,
      nodes: [...base.nodes, call('a', 'bill'), call('b', 'bill'), call('c', { $expr: 'trigger.body.flow' })],
      settings: { onFailure: 'rescue' },
    };
    expect(calledFlows(flow)).toEqual([
      { slug: 'bill', nodeIds: ['a', 'b'], isOnFailure: false },
      { slug: 'rescue', nodeIds: [], isOnFailure: true },
    ]);
  });
});

describe('people in one flow', () => {
  const page = (userId: string, name: string, selected: string[] = []) => ({
    tab: userId,
    userId,
    name,
    selected,
  });

  it('are shown once each, by name, with what they select in any of their pages', () => {
    const people = peopleOf([
      page('2', 'Zoe', ['a']),
      page('1', 'Ada Lovelace'),
      page('2', 'Zoe', ['b', 'a']),
    ]);
    expect(people.map(({ name, selected }) => [name, ...selected])).toEqual([
      ['Ada Lovelace'],
      ['Zoe', 'a', 'b'],
    ]);
  });

  it('have colours of their own while there are enough, in whatever order they came', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.uuid(), { minLength: 1, maxLength: 6 }), (ids) => {
        const people = peopleOf(ids.map((id) => page(id, id)));
        expect(new Set(people.map(({ colour }) => colour)).size).toBe(ids.length);
        expect(peopleOf(ids.toReversed().map((id) => page(id, id)))).toEqual(people);
      }),
    );
  });

  it('have initials, from a name as from an address', () => {
    expect(
      ['Ada Lovelace', 'ada@example.com', 'grace.hopper@navy.example', 'Žofie', '…'].map(initialsOf),
    ).toEqual(['AL', 'AD', 'GH', 'ŽO', '?']);
  });
});

it('keeps in touch while a page is in sight, and leaves it some time after it is not', () => {
  vi.useFakeTimers();
  const page = Object.assign(new EventTarget(), { visibilityState: 'visible' });
  const see = (state: string) => {
    page.visibilityState = state;
    page.dispatchEvent(new Event('visibilitychange'));
  };
  const calls: string[] = [];
  const stop = whileVisible(page, () => {
    calls.push('start');
    return () => calls.push('end');
  });
  see('hidden');
  vi.advanceTimersByTime(5_000);
  see('visible');
  vi.advanceTimersByTime(60_000);
  expect(calls).toEqual(['start']);
  see('hidden');
  vi.advanceTimersByTime(60_000);
  expect(calls).toEqual(['start', 'end']);
  see('visible');
  stop();
  see('hidden');
  see('visible');
  expect(calls).toEqual(['start', 'end', 'start', 'end']);
  vi.useRealTimers();
});

it('keeps the nodes that say the same as the very objects they were, so that nothing else is drawn anew', () => {
  const theirs = structuredClone(withNode(base, 'map', { label: 'Theirs' }));
  const kept = keepNodes(base, theirs);
  expect(kept).toEqual(theirs);
  expect(kept.nodes.map((node, index) => node === base.nodes[index])).toEqual([true, false, true, true]);
});
