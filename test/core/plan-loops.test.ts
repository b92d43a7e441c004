import { describe, expect, test } from 'vitest';

import type { FlowNode } from '#core/flow-document.ts';
import { inUndoOrder } from '#core/plan/plan-undo.ts';
import { compareKeys, indexOf, iterationKey, outerKey } from '#core/plan/step-id.ts';
import { plan, type LoopRecord, type StepRecord } from '#core/plan.ts';
import type { StepError } from '#core/step-failure.ts';
import { compile, flow, ids, journal, keyed, loop, record } from './plan-support.ts';

const LOOP: Partial<FlowNode> = { type: 't.each' };
const IN: Partial<FlowNode> = { parent: 'l' };
const ERROR: StepError = { kind: 'invalid', code: 'http_status', message: 'It answered 404.' };
const running = (nodeId: string, key = '') => record(nodeId, { key, status: 'running', ports: [] });
const failed = (nodeId: string, key: string) =>
  record(nodeId, { key, status: 'failed', ports: [], output: null, error: ERROR });
const waiting = (nodeId: string, key: string, nextAttemptAt: number | null) =>
  record(nodeId, { key, status: 'waiting', ports: [], nextAttemptAt });

/** t → l(a → b) → z, unless said otherwise. */
const simple = flow('t l a b z', 't>l l>z a>b', { l: LOOP, a: IN, b: IN });

function planLoop(
  records: readonly StepRecord[],
  loops: Record<string, LoopRecord>,
  { document = simple, now = 0 } = {},
) {
  return plan(compile(document), journal([record('t'), running('l'), ...records], null, loops), now);
}

describe('compiling', () => {
  test('a body is a scope of its own, in order; what undoes a node stands in none', () => {
    const graph = compile(
      flow('t l b a inner c undo z', 't>l l>z a>b', {
        l: LOOP,
        a: { ...IN, compensate: 'undo' },
        b: IN,
        inner: { ...LOOP, ...IN },
        c: { parent: 'inner' },
        undo: IN,
      }),
    );
    expect(graph.root.map(({ node }) => node.id)).toEqual(['t', 'l', 'z']);
    expect(graph.nodes.get('l')!.body!.map(({ node }) => node.id)).toEqual(['a', 'b', 'inner']);
    expect(graph.nodes.get('inner')!.body!.map(({ node }) => node.id)).toEqual(['c']);
    expect(graph.nodes.get('c')).toMatchObject({ loops: ['l', 'inner'] });
    expect([...graph.nodes.get('b')!.ancestors].sort()).toEqual(['a', 'l', 't']);
    expect([...graph.nodes.get('undo')!.ancestors].sort()).toEqual(['a', 'l', 't']);
    expect(graph.nodes.get('undo')).toMatchObject({ loops: ['l'], inputs: [], next: [] });
    const places = ['t', 'l', 'a', 'b', 'inner', 'c', 'z'].map((id) => graph.nodes.get(id)!.place);
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });

  test('loop paths', () => {
    expect([iterationKey('', 4), iterationKey('4', 2)]).toEqual(['4', '4.2']);
    expect([outerKey('4.2.7', 0), outerKey('4.2.7', 2), outerKey('4.2', 2)]).toEqual(['', '4.2', '4.2']);
    expect([indexOf('4'), indexOf('4.12')]).toEqual([4, 12]);
    expect(['10', '9.1', '9', '9.10', '9.2'].sort(compareKeys)).toEqual(['9', '9.1', '9.2', '9.10', '10']);
  });
});

describe('opening', () => {
  test('a loop whose list is not known yet is in flight', () => {
    expect(planLoop([], {})).toMatchObject({ execute: [], open: [], outcome: { kind: 'running' } });
  });

  test('iterations open in item order, as many as it allows; their first steps begin', () => {
    const decided = planLoop([], { l: loop(5, { concurrency: 2 }) });
    expect(decided.open.map(({ index }) => index)).toEqual([0, 1]);
    expect(keyed(decided.execute)).toEqual(['a 0', 'a 1']);
  });

  test('none that began is opened again, however the journal has holes', () => {
    const decided = planLoop([running('a', '2')], {
      l: loop(5, { concurrency: 3, settled: [0], open: [2] }),
    });
    expect(decided.open.map(({ index }) => index)).toEqual([1, 3]);
  });

  test('an empty list closes at once; one that is through closes, too', () => {
    for (const through of [loop(0), loop(2, { settled: [0, 1] })])
      expect(planLoop([], { l: through })).toMatchObject({
        open: [],
        close: [{ loop: { nodeId: 'l', key: '' }, error: null }],
      });
  });

  test('an iteration that settles makes room for the next in the same go', () => {
    const decided = planLoop([record('a', { key: '0' }), record('b', { key: '0' })], {
      l: loop(3, { open: [0] }),
    });
    expect(decided.settle).toEqual([{ loop: { nodeId: 'l', key: '' }, index: 0, result: 'b', error: null }]);
    expect(decided.open.map(({ index }) => index)).toEqual([1]);
    expect(decided.outcome).toEqual({ kind: 'running', until: null });
  });
});

describe('an iteration', () => {
  test('whose first step followed no port has that step as its result', () => {
    const decided = planLoop([record('a', { key: '0', ports: [], output: false })], {
      l: loop(1, { open: [0] }),
    });
    expect(keyed(decided.skip)).toEqual(['b 0']);
    expect(decided.settle).toMatchObject([{ index: 0, result: false }]);
  });

  test('joins with any go on with the first input, in a body as anywhere', () => {
    const document = flow('t l a b j', 't>l a>j b>j', { l: LOOP, a: IN, b: IN, j: { ...IN, join: 'any' } });
    const decided = planLoop(
      [record('a', { key: '0' }), running('b', '0')],
      { l: loop(1, { open: [0] }) },
      { document },
    );
    expect(keyed(decided.execute)).toEqual(['j 0']);
  });

  test('that waits keeps its place; the run waits for the first due time', () => {
    const held = { l: loop(9, { concurrency: 2, open: [0, 1] }) };
    const decided = planLoop([waiting('a', '0', 700), waiting('a', '1', 500)], held);
    expect(decided).toMatchObject({ execute: [], open: [], outcome: { kind: 'wait', until: 500 } });
    const due = planLoop([waiting('a', '0', 700), waiting('a', '1', 500)], held, { now: 500 });
    expect(keyed(due.execute)).toEqual(['a 1']);
  });

  test('that waits for a word alone: the run has no time to wait for', () => {
    const held = { l: loop(1, { open: [0] }) };
    expect(planLoop([waiting('a', '0', null)], held, { now: 9e15 }).outcome).toEqual({
      kind: 'wait',
      until: null,
    });
    const told = { ...waiting('a', '0', null), isSignalled: true };
    expect(keyed(planLoop([told], held).execute)).toEqual(['a 0']);
  });

  test('in doubt holds the loop, while the others go on', () => {
    const doubt = record('a', { key: '0', status: 'in_doubt', ports: [] });
    const decided = planLoop([doubt, running('a', '1')], { l: loop(2, { concurrency: 2, open: [0, 1] }) });
    expect(decided.outcome).toMatchObject({ kind: 'running' });
    expect(planLoop([doubt], { l: loop(1, { open: [0] }) }).outcome).toEqual({ kind: 'doubt' });
  });
});

describe('an item that fails', () => {
  const records = [failed('a', '0'), record('a', { key: '1' }), waiting('a', '2', 99)];

  test('continue: it is settled with its error, the others go on', () => {
    const decided = planLoop(records, {
      l: loop(9, { concurrency: 3, open: [0, 1, 2], stopsAtFailure: false }),
    });
    expect(decided.settle).toMatchObject([{ index: 0, result: null, error: ERROR }]);
    expect(decided.open.map(({ index }) => index)).toEqual([3]);
    expect(keyed(decided.execute)).toEqual(['b 1', 'a 3']);
  });

  test('fail: nothing begins any more, what waits is cancelled, what is still is settled', () => {
    const decided = planLoop(records, { l: loop(9, { concurrency: 3, open: [0, 1, 2] }) });
    expect(decided).toMatchObject({ execute: [], open: [], close: [] });
    expect(keyed(decided.cancel)).toEqual(['a 2']);
    expect(decided.settle.map(({ index, error }) => [index, error])).toEqual([
      [0, ERROR],
      [1, null],
      [2, null],
    ]);
  });

  test('fail: steps in flight settle first; then the loop closes with the error', () => {
    const inFlight = planLoop([running('a', '4')], {
      l: loop(9, { open: [4], settled: [0, 1, 2, 3], failure: ERROR }),
    });
    expect(inFlight).toMatchObject({ execute: [], open: [], close: [], outcome: { kind: 'running' } });
    const still = planLoop([], { l: loop(9, { settled: [0, 1, 2, 3, 4], failure: ERROR }) });
    expect(still.close).toEqual([{ loop: { nodeId: 'l', key: '' }, error: ERROR }]);
  });

  test('a loop in a body that fails is stopped and cancelled with it', () => {
    const document = flow('t l a inner c', 't>l', {
      l: LOOP,
      a: IN,
      inner: { ...LOOP, ...IN },
      c: { parent: 'inner' },
    });
    const stopped = planLoop(
      [failed('a', '0'), running('inner', '0'), waiting('c', '0.3', 99)],
      { l: loop(2, { open: [0] }), 'inner 0': loop(9, { open: [3] }) },
      { document },
    );
    expect(keyed(stopped.cancel)).toEqual(['c 0.3', 'inner 0']);
    expect(stopped.settle).toMatchObject([{ index: 0, error: ERROR }]);
    const busy = planLoop(
      [failed('a', '0'), running('inner', '0'), running('c', '0.3')],
      { l: loop(2, { open: [0] }), 'inner 0': loop(9, { open: [3] }) },
      { document },
    );
    expect(busy).toMatchObject({
      execute: [],
      cancel: [],
      settle: [],
      open: [],
      outcome: { kind: 'running' },
    });
  });
});

describe('the end of the run', () => {
  test('a failure outside stops the loop: what is in flight settles, then all of it is cancelled', () => {
    const document = flow('t l x a', 't>l t>x', { l: LOOP, a: IN });
    const loops = { l: loop(9, { concurrency: 2, open: [0, 1] }) };
    const busy = planLoop([failed('x', ''), running('a', '0'), waiting('a', '1', 99)], loops, { document });
    expect(busy).toMatchObject({ execute: [], cancel: [], outcome: { kind: 'running' } });
    const still = planLoop([failed('x', ''), waiting('a', '1', 99)], loops, { document });
    expect(keyed(still.cancel)).toEqual(['a 1', 'l']);
    expect(still.outcome).toMatchObject({ kind: 'end', status: 'failed', error: { nodeId: 'x' } });
  });

  test('a stop deep inside ends the run', () => {
    const stop = record('a', { key: '1', ports: [], end: { status: 'succeeded' } });
    const decided = planLoop([stop, record('a', { key: '0' })], {
      l: loop(9, { concurrency: 2, open: [0, 1] }),
    });
    expect(decided).toMatchObject({
      execute: [],
      settle: [],
      open: [],
      outcome: { kind: 'end', status: 'succeeded' },
    });
    expect(ids(decided.cancel)).toEqual(['l']);
  });
});

describe('undoing', () => {
  const document = flow('t a b c u1 u2', 't>a a>b b>c', { a: { compensate: 'u1' }, b: { compensate: 'u2' } });
  const graph = compile(document);
  const did = [
    { nodeId: 'a', key: '', finishedAt: 10 },
    { nodeId: 'b', key: '', finishedAt: 20 },
  ];
  const undoing = (records: readonly StepRecord[], now = 0) =>
    plan(
      graph,
      {
        ...journal([record('t'), record('a'), record('b'), ...records]),
        failure: { ...ERROR, nodeId: 'c' },
        undoable: inUndoOrder(graph, did),
      },
      now,
    );

  test('begins once the run has failed and is still', () => {
    const base = journal([record('t'), record('a'), record('b'), failed('c', '')]);
    expect(plan(graph, { ...base, undoable: did }, 0).outcome).toEqual({
      kind: 'undo',
      error: { ...ERROR, nodeId: 'c' },
    });
    expect(plan(graph, base, 0).outcome).toMatchObject({ kind: 'end', status: 'failed' });
    expect(plan(graph, base, 0).outcome).not.toHaveProperty('compensation');
  });

  test('goes backwards, one step at a time', () => {
    expect(ids(undoing([]).execute)).toEqual(['u2']);
    expect(undoing([running('u2')])).toMatchObject({ execute: [], outcome: { kind: 'running' } });
    expect(ids(undoing([record('u2')]).execute)).toEqual(['u1']);
    expect(undoing([waiting('u2', '', 50)])).toMatchObject({
      execute: [],
      outcome: { kind: 'wait', until: 50 },
    });
    expect(ids(undoing([waiting('u2', '', 50)], 50).execute)).toEqual(['u2']);
    expect(undoing([record('u2', { status: 'in_doubt' })]).outcome).toEqual({ kind: 'doubt' });
  });

  test.each([
    ['undone', [record('u2'), record('u1')]],
    ['partly_undone', [failed('u2', ''), record('u1')]],
  ])('ends %s, with the error of the run', (compensation, records) => {
    expect(undoing(records).outcome).toEqual({
      kind: 'end',
      status: 'failed',
      output: null,
      error: { ...ERROR, nodeId: 'c' },
      compensation,
    });
  });

  test('of steps that finished at the same time, the later in the graph comes first, then the higher key', () => {
    const inLoop = compile(
      flow('t l a b u1 u2', 't>l a>b', {
        l: LOOP,
        a: { ...IN, compensate: 'u1' },
        b: { ...IN, compensate: 'u2' },
        u1: IN,
        u2: IN,
      }),
    );
    const at = (nodeId: string, key: string, finishedAt = 5) => ({ nodeId, key, finishedAt });
    const order = inUndoOrder(inLoop, [at('a', '2'), at('a', '10'), at('b', '1'), at('a', '0', 9)]);
    expect(keyed(order)).toEqual(['a 0', 'b 1', 'a 10', 'a 2']);
  });
});
