import { describe, expect, test } from 'vitest';

import type { Catalog } from '#core/catalog.ts';
import type { FlowNode } from '#core/flow-document.ts';
import { compilePlan } from '#core/plan-graph.ts';
import { forecast, type Outset } from '#core/replay/forecast.ts';
import { flow, testCatalog } from '../plan-support.ts';

/** `t.if` takes one of two ways, `t.filter` goes on or not, `t.stop` ends the run. */
const catalog: Catalog = (type, version) => {
  const known = testCatalog(type, version)!;
  if (type === 't.if') return { ...known, ports: () => ['true', 'false'] };
  if (type === 't.filter') return { ...known, mayFollowNone: true };
  if (type === 't.stop') return { ...known, ports: () => [], endsRun: true };
  return known;
};

/** What is certain and what is possible, as two texts. */
function told(
  ids: string,
  edges: string,
  given: { nodes?: Record<string, Partial<FlowNode>> } & Partial<Outset> = {},
): [string, string] {
  const { nodes = {}, ...outset } = given;
  const graph = compilePlan(flow(ids, edges, nodes), catalog);
  const found = forecast(graph, {
    kept: new Map(),
    due: new Set(),
    doubtful: new Set(),
    undoesKept: false,
    ...outset,
  });
  const those = (sureness: string) =>
    ids
      .split(' ')
      .filter((id) => found.get(id) === sureness)
      .join(' ');
  return [those('certain'), those('possible')];
}

describe('from the trigger', () => {
  test('a chain runs', () => {
    expect(told('s a b', 's>a a>b')).toEqual(['s a b', '']);
  });

  test('what is behind a choice, or a filter, may run; where the ways meet again, too', () => {
    const nodes = { a: { type: 't.if' }, f: { type: 't.filter' } };
    expect(told('s a b c d', 's>a a:true>b a:false>c b>d c>d', { nodes })).toEqual(['s a', 'b c d']);
    expect(told('s f b', 's>f f>b', { nodes })).toEqual(['s f', 'b']);
    // One way into `d` that is certain is enough, whichever join.
    expect(told('s a b d', 's>a a:true>b b>d s>d', { nodes })).toEqual(['s a d', 'b']);
  });

  test('the body of a loop may run, and so may what undoes a step', () => {
    const nodes = { each: { type: 't.each' }, in: { parent: 'each' }, a: { compensate: 'undo' } };
    expect(told('s a each in b undo', 's>a a>each each>b', { nodes })).toEqual(['s a each b', 'in undo']);
  });

  test('the way of an error may run, the way without one runs', () => {
    const nodes = { a: { onError: 'branch' } as const };
    expect(told('s a ok bad', 's>a a>ok a:error>bad', { nodes })).toEqual(['s a ok', 'bad']);
  });

  test('a step that ends the run leaves certain only what must come before it', () => {
    const nodes = { stop: { type: 't.stop' } };
    expect(told('s a b stop', 's>a s>b a>stop', { nodes })).toEqual(['s a stop', 'b']);
    expect(
      told('s a b stop', 's>a s>b a>stop b>stop', { nodes: { stop: { type: 't.stop', join: 'any' } } }),
    ).toEqual(['s stop', 'a b']);
  });
});

describe('from the middle', () => {
  test('what is kept runs not; what a dead way leads to, neither', () => {
    const nodes = { a: { type: 't.if' } };
    const kept = new Map([
      ['s', ['out']],
      ['a', ['true']],
    ]);
    expect(told('s a b c d', 's>a a:true>b a:false>c b>d', { nodes, kept })).toEqual(['b d', '']);
  });

  test('steps that are due run, in open loops too; behind a doubt nothing is certain', () => {
    const nodes = { each: { type: 't.each' }, in: { parent: 'each' }, more: { parent: 'each' } };
    const kept = new Map([['s', ['out']]]);
    const due = new Set(['each', 'in']);
    expect(told('s each in more b', 's>each each>b in>more', { nodes, kept, due })).toEqual([
      'each in b',
      'more',
    ]);
    expect(told('s a b c', 's>a a>b s>c', { kept, doubtful: new Set(['a']) })).toEqual(['c', 'a b']);
  });

  test('what is kept may be undone where the run itself did it', () => {
    const nodes = { a: { compensate: 'undo' } };
    const kept = new Map([
      ['s', ['out']],
      ['a', ['out']],
    ]);
    expect(told('s a b undo', 's>a a>b', { nodes, kept, undoesKept: true })).toEqual(['b', 'undo']);
    expect(told('s a b undo', 's>a a>b', { nodes, kept })).toEqual(['b', '']);
  });
});
