import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { catalog } from '#connectors/definitions.ts';
import { describeDiff } from '#core/diff-flows/describe-diff.ts';
import { diffFlows, isSameFlow, type FlowDiff } from '#core/diff-flows/diff-flows.ts';
import { fieldChanges, type FieldChange } from '#core/diff-flows/field-changes.ts';
import { edgeId } from '#core/edge-id.ts';
import type { FlowDocument } from '#core/flow-document.ts';
import { isJsonObject, type Json } from '#core/json.ts';
import { sameJson } from '#core/same-json.ts';
import { orderFlow, testNode, withNode } from '#test/support/editor-flow.ts';
import { anyEdits, applyWhatFits } from '#test/support/random-edits.ts';

const base = withNode(withNode(orderFlow(), 'map', { label: 'Reshape' }), 'post', { label: 'Post to API' });
const wordsOf = (before: FlowDocument, after: FlowDocument) =>
  describeDiff(diffFlows(before, after), { before, after, catalog }).map(({ text }) => text);

/** Two flows that people made of the same one by random edits. */
const twoFlows = fc
  .tuple(
    anyEdits(),
    anyEdits(),
    fc.dictionary(fc.constantFrom('map', 'post'), fc.jsonValue(), { maxKeys: 2 }),
  )
  .map(([first, second, pins]) => {
    const before = applyWhatFits(base, first);
    return { before, after: { ...applyWhatFits(before, second), pins: pins as Record<string, Json> } };
  });

describe('the difference of two flows', () => {
  it('is empty between a flow and itself, and between copies of it', () => {
    fc.assert(
      fc.property(twoFlows, ({ after }) => {
        expect(isSameFlow(diffFlows(after, after))).toBe(true);
        expect(isSameFlow(diffFlows(after, structuredClone(after)))).toBe(true);
      }),
    );
  });

  it('holds all that changed: the earlier flow with it is the later one', () => {
    fc.assert(
      fc.property(twoFlows, ({ before, after }) => {
        const diff = diffFlows(before, after);
        expect(inOrder(patched(before, diff))).toEqual(inOrder(after));
        expect(isSameFlow(diff)).toBe(sameJson(inOrder(before), inOrder(after)));
      }),
    );
  });

  it('has a sentence for everything that changed, each with the nodes it is about', () => {
    fc.assert(
      fc.property(twoFlows, ({ before, after }) => {
        const diff = diffFlows(before, after);
        const changes = describeDiff(diff, { before, after, catalog });
        expect(changes.length > 0).toBe(!isSameFlow(diff));
        for (const { text } of changes) expect(text).not.toMatch(/undefined|\[object|\n/);
        for (const { nodeId, kind } of diff.nodes) {
          if (kind === 'moved') expect(changes.at(-1)?.text).toContain('moved');
          else expect(changes.some((change) => change.nodeId === nodeId && change.kind === kind)).toBe(true);
        }
      }),
    );
  });

  it('tells a node that only moved from one that changed', () => {
    const moved = withNode(base, 'map', { position: { x: 900, y: 900 } });
    expect(diffFlows(base, moved).nodes).toMatchObject([{ nodeId: 'map', kind: 'moved', fields: [] }]);
    const both = withNode(moved, 'map', { timeoutSeconds: 9 });
    expect(diffFlows(base, both).nodes).toMatchObject([
      { nodeId: 'map', kind: 'changed', fields: [{ path: ['timeoutSeconds'], before: undefined, after: 9 }] },
    ]);
  });

  it('says settings of several parts in a sentence', () => {
    const settings = {
      businessKey: { name: 'order', value: { $expr: 'trigger.body.number' } },
      concurrency: { limit: 3 },
      rate: { runs: 10, seconds: 60 },
    };
    expect(wordsOf(base, { ...base, settings })).toEqual([
      'Runs are now found by order, which is trigger.body.number',
      'At most 3 runs now go on at a time',
      'At most 10 runs now start within 60 seconds',
    ]);
    expect(wordsOf({ ...base, settings }, base)[0]).toBe(
      'The business key by which runs are found is no longer set',
    );
  });

  it('counts the order of a node’s settings, which is the one that is sent on, and no other order', () => {
    const one = withNode(base, 'map', { config: { output: { a: 1, b: 2 } } });
    const other = withNode(base, 'map', { config: { output: { b: 2, a: 1 } } });
    expect(diffFlows(one, other).nodes[0]?.fields).toMatchObject([{ path: ['config', 'output'] }]);
    expect(wordsOf(one, other)).toEqual(['Reshape: the order of the fields in output changed']);
    const listed = { ...base, nodes: base.nodes.toReversed(), edges: base.edges.toReversed() };
    expect(isSameFlow(diffFlows(base, listed))).toBe(true);
  });

  it('takes an expression as one field, and a list of another length as a whole', () => {
    expect(fieldChanges({ a: { $expr: '1' } }, { a: { $tpl: '1' } })).toEqual([
      { path: ['a'], before: { $expr: '1' }, after: { $tpl: '1' } },
    ]);
    expect(fieldChanges([{ a: 1 }, { a: 2 }], [{ a: 1 }, { a: 3 }])).toEqual([
      { path: ['1', 'a'], before: 2, after: 3 },
    ]);
    expect(fieldChanges([1], [1, 2])).toEqual([{ path: [], before: [1], after: [1, 2] }]);
  });
});

describe('the words for a change', () => {
  const changed = (id: string, changes: Parameters<typeof withNode>[2]) =>
    wordsOf(base, withNode(base, id, changes));

  it('name the node, the field and what it is now', () => {
    expect(changed('map', { config: { output: { title: { $expr: 'trigger.body.total' } } } })).toContain(
      'Reshape: output.title is now trigger.body.total',
    );
    expect(changed('map', { timeoutSeconds: 30 })).toEqual(['Reshape: the timeout in seconds is now 30']);
    expect(changed('post', { retry: { attempts: 7 } })[0]).toMatch(
      /^Post to API: the (retry law|number of attempts)/,
    );
    expect(changed('map', { label: 'Shape' })).toEqual(['Reshape is now called Shape']);
    expect(changed('map', { label: '' })).toEqual(['Reshape is now called Map']);
    expect(changed('post', { connection: 'crm' })).toEqual(['Post to API now uses the connection crm']);
  });

  it('tell where an added node stands, and nothing of the edges of a removed one', () => {
    const added = {
      ...base,
      nodes: [...base.nodes, testNode('extra', 'core.filter', { label: 'Only paid' })],
      edges: [...base.edges, { from: 'map', to: 'extra' }],
    };
    expect(wordsOf(base, added)).toEqual(['Only paid was added, after Reshape']);
    expect(wordsOf(added, base)).toEqual(['Only paid was removed']);
  });

  it('tell edges, settings of the flow, notes, pins and sub-flows', () => {
    const [first, ...edges] = base.edges;
    if (!first) throw new Error('The flow has no edge');
    const after: FlowDocument = {
      ...base,
      name: 'Renamed',
      edges,
      settings: { ...base.settings, timeoutSeconds: 60, onFailure: 'rescue' },
      notes: [...base.notes, { id: 'n1', text: 'Mind the gap\nand more', position: { x: 0, y: 0 } }],
      pins: { map: { id: 1 } },
    };
    expect(wordsOf(base, after)).toEqual([
      'New order no longer leads to Reshape',
      'The name of the flow is now “Renamed”',
      'The time limit of a run in seconds is now 60',
      'A failed run now starts the flow rescue',
      'The note “Mind the gap” was added',
      'Reshape: an output for tests was pinned',
    ]);
    const call = {
      ...base,
      nodes: [...base.nodes, testNode('call', 'core.call', { config: { flow: 'a' } })],
    };
    expect(wordsOf(call, withNode(call, 'call', { config: { flow: 'b' } }))[0]).toMatch(/: flow is now “b”$/);
  });

  it('count moves, and lines of code', () => {
    const moved = withNode(withNode(base, 'map', { position: { x: 1, y: 900 } }), 'post', {
      position: { x: 2, y: 900 },
    });
    expect(wordsOf(base, moved)).toEqual(['2 nodes moved']);
    const code = (text: string) => ({
      ...base,
      nodes: [...base.nodes, testNode('code', 'core.code', { label: 'Sum', config: { code: text } })],
    });
    expect(wordsOf(code('a\nb\nc'), code('a\nB\nc\nd'))).toEqual([
      'Sum: code changed (2 lines added, 1 removed)',
    ]);
  });
});

/** What the difference makes of the earlier flow. */
function patched(before: FlowDocument, diff: FlowDiff): FlowDocument {
  const nodes = new Map(before.nodes.map((node) => [node.id, node]));
  for (const { nodeId, kind, after, fields } of diff.nodes) {
    const old = nodes.get(nodeId);
    if (kind === 'removed' || !after) nodes.delete(nodeId);
    else if (!old || kind === 'added') nodes.set(nodeId, after);
    else
      nodes.set(nodeId, {
        ...(withFields(old, fields) as unknown as typeof old),
        position: after.position,
      });
  }
  const gone = new Set(diff.edges.removed.map(edgeId));
  const flow = withFields(
    {
      name: before.name,
      slug: before.slug,
      description: before.description,
      settings: before.settings,
    },
    diff.flow,
  ) as unknown as Pick<FlowDocument, 'name' | 'slug' | 'description' | 'settings'>;
  const { pinSets, ...rest } = before;
  return {
    ...rest,
    ...flow,
    ...setsOfPins(withFields(pinSets ?? {}, diff.pinSets)),
    nodes: [...nodes.values()],
    edges: [...before.edges.filter((edge) => !gone.has(edgeId(edge))), ...diff.edges.added],
    pins: withFields(before.pins, diff.pins) as Record<string, Json>,
  };
}

/** A set without pins is none. */
function setsOfPins(sets: Json): Pick<FlowDocument, 'pinSets'> {
  const left = Object.entries(isJsonObject(sets) ? sets : {}).filter(
    ([, set]) => isJsonObject(set) && Object.keys(set).length > 0,
  );
  return left.length === 0 ? {} : ({ pinSets: Object.fromEntries(left) } as Pick<FlowDocument, 'pinSets'>);
}

function withFields(value: Json, fields: readonly FieldChange[]): Json {
  return fields.reduce<Json>((whole, { path, after }) => withField(whole, path, after), value);
}

function withField(value: Json, [key, ...rest]: readonly string[], after: Json | undefined): Json {
  if (key === undefined) return after ?? null;
  const members: Record<string, Json> = isJsonObject(value) ? { ...value } : {};
  if (rest.length === 0 && after === undefined) delete members[key];
  else members[key] = withField(members[key] ?? {}, rest, after);
  return members;
}

/** Sorted, as the order of nodes and edges says nothing; what is `undefined` is not there. */
function inOrder(flow: FlowDocument): unknown {
  return JSON.parse(
    JSON.stringify({
      ...flow,
      nodes: flow.nodes.toSorted((left, right) => (left.id < right.id ? -1 : 1)),
      edges: flow.edges.map(edgeId).toSorted(),
    }),
  );
}
