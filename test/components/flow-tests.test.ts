import { describe, expect, test } from 'vitest';

import { choiceOf, effectsPlan, pinsOfChoices } from '#components/flow-tests/effects-plan.ts';
import { pinFormOf, readPinForm } from '#components/flow-tests/pin-form.ts';
import { fieldChoices } from '#components/flow-tests/field-choices.ts';
import { staleReason } from '#components/flow-tests/stale-reason.ts';
import { pinOfEvent, testInput } from '#components/canvas/test-input.ts';
import { sampleScope } from '#components/inspector/sample-scope.ts';
import { changesBetween } from '#components/canvas/document-changes.ts';
import { operationsBetween } from '#components/canvas/document-diff.ts';
import { catalog } from '#connectors/definitions.ts';
import type { Run, Step } from '#core/api/runs.ts';
import { applyOperation } from '#core/apply-operation.ts';
import type { Json } from '#core/json.ts';
import { describeDiff } from '#core/diff-flows/describe-diff.ts';
import { diffFlows } from '#core/diff-flows/diff-flows.ts';
import type { PinnedAnswer } from '#core/pins/pin.ts';
import { pinOperations, pinSetNames, pinsOfSet } from '#core/pins/pin-sets.ts';
import { flowDocumentSchema, type FlowDocument, type FlowNode } from '#core/flow-document.ts';

const CALL = { method: 'POST', url: 'https://far.example/x' };
const FLOW = flow([
  { id: 'start', type: 'core.manual' },
  { id: 'map', type: 'core.map', config: { output: { a: 1 } } },
  { id: 'first', type: 'http.request', config: CALL },
  { id: 'second', type: 'http.request', config: { ...CALL, method: 'GET' } },
]);

function flow(nodes: readonly object[], pins: object = {}): FlowDocument {
  const ids = nodes.map((node) => (node as { id: string }).id);
  return flowDocumentSchema.parse({
    format: 1,
    name: 'Flow',
    slug: 'flow',
    nodes: nodes.map((node) => ({ version: 1, ...node })),
    edges: ids.slice(1).map((to, index) => ({ from: ids[index], to })),
    pins,
  });
}

const step = (nodeId: string, rest: Partial<Step>) =>
  ({
    nodeId,
    key: '',
    status: 'succeeded',
    ports: ['out'],
    input: null,
    output: null,
    error: null,
    ...rest,
  }) as Step;

const runOf = (steps: readonly Step[]) =>
  ({ status: 'succeeded', output: null, document: FLOW, steps }) as unknown as Run;

describe('what a test run calls', () => {
  const sampleRun = runOf([step('first', { output: { id: 1 } })]);
  const plan = (part: Parameters<typeof effectsPlan>[0], document = FLOW, run: Run | null = null) =>
    effectsPlan(part, { document, catalog, sampleRun: run, pinSet: 'default' });

  test('is announced for all, and for a part of the flow that part alone', () => {
    expect(plan({ kind: 'all' }).map(({ summary }) => summary)).toEqual([
      'POST https://far.example/x',
      'GET https://far.example/x',
    ]);
    expect(plan({ kind: 'up_to', nodeId: 'first' }).map(({ nodeId }) => nodeId)).toEqual(['first']);
  });

  test('is called unless somebody pinned it, or chose the answer of the run that is shown', () => {
    const [pinned, unknown] = plan({ kind: 'all' }, { ...FLOW, pins: { first: 'pin' } }, sampleRun);
    expect([choiceOf(pinned!, {}), choiceOf(unknown!, {})]).toEqual(['answer', 'call']);
    expect(pinsOfChoices([pinned!, unknown!], {})).toEqual({ first: { output: 'pin' } });
    expect(pinsOfChoices([pinned!, unknown!], { first: 'call', second: 'answer' })).toEqual({});
    const [recorded] = plan({ kind: 'all' }, FLOW, sampleRun);
    expect(choiceOf(recorded!, {})).toBe('call');
    expect(pinsOfChoices([recorded!], { first: 'answer' })).toEqual({ first: { output: { id: 1 } } });
  });

  test('is the node alone, where that is run alone, whatever was chosen', () => {
    const calls = plan({ kind: 'only', nodeId: 'second' }, FLOW, sampleRun);
    expect(calls.map((call) => choiceOf(call, { first: 'call', second: 'answer' }))).toEqual([
      'answer',
      'call',
    ]);
    expect(plan({ kind: 'only', nodeId: 'second' })[0]).toMatchObject({ fixed: 'answer', answer: null });
  });
});

describe('a result is out of date', () => {
  const changed = (id: string, change: Partial<FlowNode>): FlowDocument => ({
    ...FLOW,
    nodes: FLOW.nodes.map((node) => (node.id === id ? { ...node, ...change } : node)),
  });

  test('once its settings, an earlier step, or the way to it changed', () => {
    expect(staleReason(FLOW, FLOW, 'first')).toBeNull();
    expect(staleReason(changed('first', { config: {} }), FLOW, 'first')).toBe('Its settings changed since');
    expect(staleReason(changed('map', { config: {} }), FLOW, 'first')).toBe(
      'An earlier step changed since: map',
    );
    expect(staleReason({ ...FLOW, edges: [] }, FLOW, 'first')).toBe('What leads here changed since');
  });

  test('not for a name, a place, or what comes after it', () => {
    expect(
      staleReason(changed('first', { label: 'New', position: { x: 1, y: 1 } }), FLOW, 'first'),
    ).toBeNull();
    expect(staleReason(changed('second', { config: {} }), FLOW, 'first')).toBeNull();
  });
});

test('a test may be made of how steps ended, what they made, and what calls were sent', () => {
  const groups = fieldChoices(
    runOf([
      step('start', { output: { x: 1 } }),
      step('map', { output: { a: 1, deep: { b: [1, 2], 'odd/name': null } } }),
      step('first', { input: { body: { a: 1 } }, output: { status: 200 } }),
      step('second', { status: 'skipped', ports: [] }),
    ]),
  );
  expect(
    groups.map(({ nodeId, fields }) => [nodeId, fields.map(({ expectation }) => expectation.path)]),
  ).toEqual([
    [null, ['/status']],
    ['map', ['/status', '/output/a', '/output/deep/b', '/output/deep/odd~1name']],
    ['first', ['/status', '/input/body/a']],
  ]);
});

describe('pins of a set', () => {
  const error = { error: { kind: 'invalid', code: 'pinned_error', message: 'Card declined' } } as const;
  const inSets = { ...FLOW, pins: { first: 'ok' }, pinSets: { declined: { first: error } } };
  const put = (document: FlowDocument, set: string, answer: PinnedAnswer | undefined) =>
    pinOperations(document, { set, nodeId: 'first', answer }).reduce((flowNow, operation) => {
      const applied = applyOperation(flowNow, operation, catalog);
      return applied.ok ? applied.flow : flowNow;
    }, document);

  test('stand over those of the default set', () => {
    expect(pinSetNames(inSets)).toEqual(['default', 'declined']);
    const both = { ...inSets, pins: { first: 'ok', second: 2 } };
    expect(pinsOfSet(both, 'default')).toEqual({ first: { output: 'ok' }, second: { output: 2 } });
    expect(pinsOfSet(both, 'declined')).toEqual({ first: error, second: { output: 2 } });
    expect(pinsOfSet(both, 'gone')).toEqual(pinsOfSet(both, 'default'));
    const plan = effectsPlan(
      { kind: 'all' },
      { document: both, catalog, sampleRun: null, pinSet: 'declined' },
    );
    expect(pinsOfChoices(plan, {})).toEqual({ first: error, second: { output: 2 } });
  });

  test('are put in place of one another, in `pins` only what that can hold', () => {
    const failing = put({ ...FLOW, pins: { first: 'ok' } }, 'default', error);
    expect(failing).toMatchObject({ pins: {}, pinSets: { default: { first: error } } });
    const well = put(failing, 'default', { output: 1 });
    expect(well.pins).toEqual({ first: 1 });
    expect(well).not.toHaveProperty('pinSets');
    expect(put(put(well, 'declined', error), 'declined', undefined)).toEqual(well);
    expect(put(put(FLOW, 'default', error), 'default', undefined)).toEqual(FLOW);
  });

  test('are edits of one place each, read as they were written', () => {
    expect(operationsBetween(FLOW, inSets)).toHaveLength(2);
    expect(changesBetween(FLOW, inSets).map(({ place }) => place)).toEqual([
      '/nodes/first/pin',
      '/nodes/first/pinSet/declined',
    ]);
    expect(describeDiff(diffFlows(FLOW, inSets), { before: FLOW, after: inSets, catalog })).toContainEqual(
      expect.objectContaining({
        text: 'HTTP request (first): an answer for tests was pinned in the set “declined”',
      }),
    );
    expect(flowDocumentSchema.parse(JSON.parse(JSON.stringify(inSets)))).toEqual(inSets);
  });

  test('are written as a form', () => {
    const form = pinFormOf(error);
    expect(readPinForm(form, 'declined')).toEqual({ set: 'declined', answer: error });
    expect(readPinForm({ ...form, message: '  ' }, 'declined')).toHaveProperty('problem');
    const output = { output: { a: [1] }, ports: ['true'] };
    expect(readPinForm(pinFormOf(output), ' two words ')).toEqual({ set: 'two words', answer: output });
    expect(readPinForm({ ...pinFormOf(output), output: '{' }, 'default')).toHaveProperty('problem');
    for (const name of ['', ' ', '__proto__', 'x'.repeat(61)])
      expect(readPinForm(form, name), name).toHaveProperty('problem');
  });
});

test('a captured event is the input of a test, and the examples of the steps after it', async () => {
  const document = flow([
    { id: 'hook', type: 'core.webhook' },
    { id: 'map', type: 'core.map', config: { output: { $expr: 'trigger.body.id' } } },
    { id: 'last', type: 'core.map', config: { output: 1 } },
  ]);
  const event = {
    body: { id: 7 },
    headers: {},
    query: {},
    method: 'PUT',
    receivedAt: '2026-01-15T09:30:00Z',
  };
  const input = { body: { id: 7 }, headers: {}, query: {}, method: 'PUT' };
  expect(testInput(document, catalog, { captured: event, lastRun: runOf([]) })).toEqual(input);
  expect(pinOfEvent(document, catalog, event)).toEqual(input);
  expect(await sampleScope('last', { document, catalog, captured: event })).toMatchObject({
    trigger: event,
    steps: { map: 7 },
  });
});

describe('a pin of the draft', () => {
  const pin = (flowNow: FlowDocument, nodeId: string, output: Json | undefined) =>
    applyOperation(flowNow, { kind: 'set_pin', nodeId, output }, catalog);

  test('is put, replaced and taken off, and goes with its node', () => {
    const put = pin(FLOW, 'first', { id: 1 });
    expect(put).toMatchObject({ ok: true, flow: { pins: { first: { id: 1 } } } });
    expect(pin(FLOW, 'nowhere', 1)).toMatchObject({ ok: false });
    const pinned = put.ok ? put.flow : FLOW;
    expect(pin(pinned, 'first', undefined)).toMatchObject({ ok: true, flow: { pins: {} } });
    const removed = applyOperation(pinned, { kind: 'remove_nodes', nodeIds: ['first'] }, catalog);
    expect(removed).toMatchObject({ ok: true, flow: { pins: {} } });
  });

  test('is an edit of one place, so that it merges with those of others', () => {
    const pinned = { ...FLOW, pins: { first: { id: 1 } } };
    expect(operationsBetween(FLOW, pinned)).toEqual([
      { kind: 'set_pin', nodeId: 'first', output: { id: 1 } },
    ]);
    expect(operationsBetween(pinned, FLOW)).toEqual([
      { kind: 'set_pin', nodeId: 'first', output: undefined },
    ]);
    expect(changesBetween(FLOW, pinned)[0]).toMatchObject({ place: '/nodes/first/pin', nodeIds: ['first'] });
  });
});
