import { describe, expect, test } from 'vitest';

import { plan } from '#core/plan.ts';
import { StepFailure } from '#core/step-failure.ts';
import { compile, flow, ids, journal, planOf, record } from './plan-support.ts';

const failed = (nodeId: string) =>
  record(nodeId, {
    status: 'failed',
    ports: [],
    output: null,
    error: { kind: 'invalid', code: 'http_status', message: 'It answered 404.' },
  });

describe('beginning and going on', () => {
  test('the trigger comes first, alone', () => {
    const decided = planOf(flow('t a b', 't>a a>b'), []);
    expect(ids(decided.execute)).toEqual(['t']);
    expect(decided.outcome).toEqual({ kind: 'running', until: null });
  });

  test('every step that is ready begins, side by side', () => {
    const decided = planOf(flow('t a b c d', 't>a t>b t>c a>d'), [record('t')]);
    expect(ids(decided.execute)).toEqual(['a', 'b', 'c']);
  });

  test('what is in flight is neither begun again nor waited past', () => {
    const decided = planOf(flow('t a b', 't>a a>b'), [record('t'), record('a', { status: 'running' })]);
    expect(decided.execute).toEqual([]);
    expect(decided.outcome).toEqual({ kind: 'running', until: null });
  });

  test('nodes that the trigger does not reach are never planned', () => {
    const decided = planOf(flow('t a island far', 't>a island>far far>a'), [record('t'), record('a')]);
    expect(decided).toMatchObject({ execute: [], skip: [], outcome: { kind: 'end', status: 'succeeded' } });
  });
});

describe('branching', () => {
  const document = flow('t if yes no after', 't>if if:true>yes if:false>no yes>after no>after');

  test.each([
    ['true', ['yes'], ['no']],
    ['false', ['no'], ['yes']],
  ])('port %s is followed, the other way is skipped', (port, execute, skip) => {
    const decided = planOf(document, [record('t'), record('if', { ports: [port] })]);
    expect(ids(decided.execute)).toEqual(execute);
    expect(ids(decided.skip)).toEqual(skip);
  });

  test('no port followed: everything behind is skipped in one go, and the run ends succeeded', () => {
    const decided = planOf(document, [record('t'), record('if', { ports: [], output: false })]);
    expect(ids(decided.skip)).toEqual(['yes', 'no', 'after']);
    expect(decided.outcome).toEqual({ kind: 'end', status: 'succeeded', output: false, error: null });
  });

  test('several ports are followed at once', () => {
    const decided = planOf(document, [record('t'), record('if', { ports: ['true', 'false'] })]);
    expect(ids(decided.execute)).toEqual(['yes', 'no']);
  });
});

describe('joining', () => {
  const edges = 't>a t>b a>j b>j';
  const all = flow('t a b j', edges);
  const any = flow('t a b j', edges, { j: { join: 'any' } });
  const skipped = (nodeId: string) => record(nodeId, { status: 'skipped', ports: [] });
  const running = (nodeId: string) => record(nodeId, { status: 'running', ports: [] });

  test.each([
    ['all: one input reached, one open', all, [record('a'), running('b')], []],
    ['all: both reached', all, [record('a'), record('b')], ['j']],
    ['all: one reached, one dead', all, [record('a'), skipped('b')], ['j']],
    ['any: one reached, one open', any, [record('a'), running('b')], ['j']],
    ['any: one dead, one open', any, [skipped('a'), running('b')], []],
    ['any: it has run already', any, [record('a'), record('b'), record('j')], []],
  ])('%s', (_, document, records, execute) => {
    expect(ids(planOf(document, [record('t'), ...records]).execute)).toEqual(execute);
  });

  test.each([
    ['all', all],
    ['any', any],
  ])('%s: every input dead skips the join', (_, document) => {
    const decided = planOf(document, [record('t'), skipped('a'), skipped('b')]);
    expect(ids(decided.skip)).toEqual(['j']);
  });
});

describe('errors', () => {
  test('fail: the run ends with the error and its node; nothing else begins', () => {
    const decided = planOf(flow('t a b c', 't>a t>b b>c'), [record('t'), failed('a'), record('b')]);
    expect(decided.execute).toEqual([]);
    expect(decided.outcome).toEqual({
      kind: 'end',
      status: 'failed',
      output: null,
      error: { kind: 'invalid', code: 'http_status', message: 'It answered 404.', nodeId: 'a' },
    });
  });

  test('fail: what is in flight settles first, what waits is cancelled', () => {
    const document = flow('t a b c', 't>a t>b t>c');
    const waiting = record('c', { status: 'waiting', nextAttemptAt: 5 });
    const inFlight = planOf(
      document,
      [record('t'), failed('a'), record('b', { status: 'running' }), waiting],
      9,
    );
    expect(inFlight).toMatchObject({ execute: [], cancel: [], outcome: { kind: 'running' } });
    const settled = planOf(document, [record('t'), failed('a'), record('b'), waiting], 9);
    expect(ids(settled.cancel)).toEqual(['c']);
    expect(settled.outcome).toMatchObject({ kind: 'end', status: 'failed' });
  });

  test('two failures: the first in the order of the graph is the one that is told', () => {
    const decided = planOf(flow('t a b', 't>a t>b'), [record('t'), failed('b'), failed('a')]);
    expect(decided.outcome).toMatchObject({ error: { nodeId: 'a' } });
  });

  test('continue: goes on from port out', () => {
    const document = flow('t a b', 't>a a>b', { a: { onError: 'continue' } });
    expect(ids(planOf(document, [record('t'), { ...failed('a'), ports: ['out'] }]).execute)).toEqual(['b']);
  });

  test('branch: port error is followed, the others are not', () => {
    const document = flow('t a ok bad', 't>a a>ok a:error>bad', { a: { onError: 'branch' } });
    const broken = planOf(document, [record('t'), { ...failed('a'), ports: ['error'] }]);
    expect([ids(broken.execute), ids(broken.skip)]).toEqual([['bad'], ['ok']]);
    const fine = planOf(document, [record('t'), record('a')]);
    expect([ids(fine.execute), ids(fine.skip)]).toEqual([['ok'], ['bad']]);
  });
});

describe('waiting', () => {
  const document = flow('t a b', 't>a t>b');
  const waits = (nodeId: string, nextAttemptAt: number) =>
    record(nodeId, { status: 'waiting', nextAttemptAt });

  test('nothing else to do: the run waits for the first due time', () => {
    const decided = planOf(document, [record('t'), waits('a', 700), waits('b', 500)], 100);
    expect(decided).toMatchObject({ execute: [], outcome: { kind: 'wait', until: 500 } });
  });

  test('due: it begins again', () => {
    const decided = planOf(document, [record('t'), waits('a', 700), waits('b', 500)], 500);
    expect(ids(decided.execute)).toEqual(['b']);
    expect(decided.outcome).toEqual({ kind: 'running', until: 700 });
  });

  test('in doubt: the rest goes on, then the run waits for a person', () => {
    const doubt = record('a', { status: 'in_doubt', ports: [] });
    expect(ids(planOf(document, [record('t'), doubt]).execute)).toEqual(['b']);
    expect(planOf(document, [record('t'), doubt, record('b')]).outcome).toEqual({ kind: 'doubt' });
    expect(planOf(document, [record('t'), doubt, failed('b')]).outcome).toEqual({ kind: 'doubt' });
  });
});

describe('ending', () => {
  test('the output is that of the last node, in the graph order, that ran and led nowhere', () => {
    const document = flow('t a b c', 't>a t>b b>c');
    const records = [record('t'), record('a'), record('b'), record('c')];
    expect(planOf(document, records).outcome).toMatchObject({ output: 'c' });
    expect(planOf(document, records.toReversed()).outcome).toMatchObject({ output: 'c' });
  });

  test('a response outranks it', () => {
    const graph = compile(flow('t a', 't>a'));
    const decided = plan(graph, journal([record('t'), record('a')], { output: { ok: true } }), 0);
    expect(decided.outcome).toMatchObject({ output: { ok: true } });
  });

  test.each([
    ['succeeded', undefined, null],
    [
      'failed',
      'Out of stock.',
      { kind: 'invalid', code: 'stopped', message: 'Out of stock.', nodeId: 'stop' },
    ],
  ] as const)('stop %s ends the run once the rest has settled', (status, message, error) => {
    const document = flow('t stop b c', 't>stop t>b b>c');
    const stop = record('stop', { ports: [], end: message === undefined ? { status } : { status, message } });
    const inFlight = planOf(document, [record('t'), stop, record('b', { status: 'running' })]);
    expect(inFlight).toMatchObject({ execute: [], outcome: { kind: 'running' } });
    const settled = planOf(document, [record('t'), stop, record('b')]);
    expect(settled).toMatchObject({ execute: [], skip: [], outcome: { kind: 'end', status, error } });
  });
});

describe('flows that no validator lets through', () => {
  test.each([
    ['a circle', flow('t a b', 't>a a>b b>a')],
    ['no trigger', flow('t a', '', { t: { type: 't.action' } })],
    ['two triggers', flow('t a', '', { a: { type: 't.trigger' } })],
  ])('%s', (_, document) => {
    expect(() => compile(document)).toThrow(StepFailure);
  });
});
