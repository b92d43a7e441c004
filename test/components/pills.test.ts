import { describe, expect, it } from 'vitest';

import { lookOfPill, spokenPill } from '#components/inspector/pills/pill-look.ts';
import type { PillFacts } from '#components/inspector/pills/pill-look.ts';
import { dataRoots, searchData } from '#components/inspector/pills/search-data.ts';
import { recordedSources, sampleScope } from '#components/inspector/sample-scope.ts';
import { catalog } from '#connectors/definitions.ts';
import type { Json } from '#core/json.ts';
import { type PillPath, writePath } from '#core/pills/pill-path.ts';
import { orderFlow, testNode, withNode } from '#test/support/editor-flow.ts';

const document = orderFlow({ pins: { hook: { body: { id: 7, note: null, lines: [{ sku: 'a' }] } } } });

async function factsOf(nodeId: string, more: Partial<PillFacts> = {}): Promise<PillFacts> {
  const flow = more.document ?? document;
  const sources = { document: flow, catalog };
  const scope = await sampleScope(nodeId, sources);
  return {
    document: flow,
    catalog,
    scope: { ...scope },
    recorded: recordedSources(nodeId, sources),
    ...more,
  };
}

const context = (...parts: (string | number)[]): PillPath => ({ base: 'context', parts });

describe('the look of a pill', () => {
  it('has the step’s name and icon, the way, and an example', async () => {
    const look = lookOfPill(context('trigger', 'body', 'lines', 0, 'sku'), await factsOf('map'));
    expect(look).toMatchObject({
      step: 'New order',
      place: 'body › lines [0] › sku',
      sample: 'a',
      type: 'text',
      problem: undefined,
    });
    expect(look.node?.type).toBe('core.webhook');
    expect(spokenPill(look)).toBe('Pill: New order › body › lines [0] › sku, for example a');
  });

  it.each<[string, PillPath, string | undefined]>([
    ['a field that is there', context('trigger', 'body', 'id'), undefined],
    ['a field that is not', context('trigger', 'body', 'nr'), '“body › nr” is not in the newest data.'],
    ['below what is null in the example', context('trigger', 'body', 'note', 'x'), undefined],
    [
      'a field that the Map does not write',
      context('steps', 'map', 'name'),
      '“name” is not in the newest data.',
    ],
    ['a step that is gone', context('steps', 'gone', 'x'), 'There is no step “gone” in this flow.'],
    [
      'a step that comes later',
      context('steps', 'post', 'x'),
      'This step does not run before the one at hand.',
    ],
    ['an item outside of loops', context('item', 'x'), 'This step is in no loop, so there is no item.'],
    ['what only an example lacks', context('steps', 'call', 'body', 'x'), undefined],
  ])('says of %s what is wrong with it', async (_, path, problem) => {
    const flow = {
      ...document,
      nodes: [
        ...document.nodes,
        testNode('call', 'http.request', { config: { method: 'GET', url: 'https://a.example' } }),
      ],
      edges: [...document.edges, { from: 'map', to: 'call' }, { from: 'call', to: 'if' }],
    };
    expect(lookOfPill(path, await factsOf('if', { document: flow })).problem).toBe(problem);
  });

  it('is of the item where a list is mapped', async () => {
    const list = context('trigger', 'body', 'lines');
    const facts = await factsOf('map', { list, item: { sku: 'a' }, recorded: new Set(['item']) });
    expect(lookOfPill({ base: 'item', parts: ['sku'] }, facts)).toMatchObject({
      step: 'Item',
      place: 'sku',
      sample: 'a',
    });
    expect(lookOfPill({ base: 'item', parts: ['qty'] }, facts).isGone).toBe(true);
  });

  it('keeps its field when the step gets another name', async () => {
    const renamed = withNode(document, 'map', { label: 'Shape it' });
    expect(
      lookOfPill(context('steps', 'map', 'id'), await factsOf('if', { document: renamed })),
    ).toMatchObject({
      step: 'Shape it',
      problem: undefined,
    });
  });
});

describe('real data', () => {
  it('is what was pinned, and a Map that was made of it', () => {
    expect([...recordedSources('if', { document, catalog })].sort()).toEqual([
      'hook',
      'item',
      'map',
      'trigger',
    ]);
    expect(recordedSources('if', { document: orderFlow(), catalog }).size).toBe(0);
  });
});

describe('searching the data', () => {
  const found = (facts: PillFacts, query: string, limit = 60) =>
    searchData(facts, query, limit).found.map(({ field }) => writePath(field.path));

  it('finds by step, by name and by value, names that begin so first', async () => {
    const facts = await factsOf('if');
    expect(found(facts, 'sku')).toEqual(['trigger.body.lines.sku']);
    expect(found(facts, '7')).toContain('trigger.body.id');
    expect(found(facts, 'new order body id')[0]).toMatch(/body\.id$/);
    expect(found(facts, 'nothing of the kind')).toEqual([]);
    expect(found(facts, 'title')[0]).toBe('steps.map.title');
    expect(found(facts, 'order title')).toContain('steps.map.title');
  });

  it('lists everything, nearest first, for no words', async () => {
    const facts = await factsOf('if');
    expect(dataRoots(facts).map(({ path }) => writePath(path))).toEqual([
      'steps.map',
      'trigger',
      'run',
      'flow',
    ]);
    expect(found(facts, '', 3)).toHaveLength(3);
  });

  it('says how many more there are of thousands', async () => {
    const body: Json = Object.fromEntries(
      Array.from({ length: 4_000 }, (_, index) => [`field_${index}`, index]),
    );
    const many = orderFlow({ pins: { hook: { body } } });
    const { found: first, left } = searchData(
      await factsOf('map', { document: many }),
      'trigger field_',
      100,
    );
    expect(first).toHaveLength(100);
    expect(left).toBeGreaterThanOrEqual(3_900);
  });
});
