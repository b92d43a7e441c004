import { describe, expect, test } from 'vitest';

import { firstFlowSteps } from '#components/canvas/first-flow.ts';
import { catalog } from '#connectors/definitions.ts';
import type { FlowDocument } from '#core/flow-document.ts';
import { orderFlow, testEdge, testNode } from '#test/support/editor-flow.ts';
import { emptyFlow } from '#test/support/sample-flows.ts';

const doneOf = (document: FlowDocument, { hasRun = false } = {}): readonly string[] =>
  firstFlowSteps(document, catalog, { hasRun })
    .filter(({ isDone }) => isDone)
    .map(({ id }) => id);

describe('the steps to a first flow', () => {
  const hook = testNode('hook', 'core.webhook');
  const post = testNode('post', 'http.request', { config: { method: 'POST', url: 'https://example.com' } });

  test('are told from the flow', () => {
    const empty = emptyFlow('first');
    expect(doneOf(empty)).toEqual([]);
    expect(doneOf({ ...empty, nodes: [hook] })).toEqual(['trigger']);
    expect(doneOf({ ...empty, nodes: [hook, post] })).toEqual(['trigger']);
    const connected = { ...empty, nodes: [hook, post], edges: [testEdge('hook>post')] };
    expect(doneOf(connected)).toEqual(['trigger', 'step']);
    const config = { ...post.config, body: { id: { $expr: 'trigger.body.id' } } };
    expect(doneOf({ ...connected, nodes: [hook, { ...post, config }] })).toEqual(['trigger', 'step', 'data']);
  });

  test('count the run', () => {
    expect(doneOf(orderFlow(), { hasRun: true })).toEqual(['trigger', 'step', 'data', 'run']);
  });

  test('do not take an expression of the trigger for data of a step', () => {
    const dedupe = testNode('hook', 'core.webhook', { config: { dedupe: { $expr: 'trigger.body.id' } } });
    expect(doneOf({ ...emptyFlow('first'), nodes: [dedupe] })).toEqual(['trigger']);
  });
});
