import { describe, expect, test } from 'vitest';

import { approversInWords } from '#components/approvals/approval-words.ts';
import { countsInWords, heaviestStatus, settledCount } from '#components/runs/loop-counts.ts';
import { nodeStates } from '#components/runs/node-states.ts';
import { unfoldSteps } from '#components/runs/unfold-steps.ts';
import type { Counts } from '#core/api/loops.ts';
import type { Step } from '#core/api/runs.ts';
import type { FlowDocument, FlowNode } from '#core/flow-document.ts';
import { emptyFlow } from '#test/support/sample-flows.ts';
import { sampleStep } from '#test/support/sample-step.ts';

const NONE: Counts = {
  running: 0,
  waiting: 0,
  in_doubt: 0,
  succeeded: 0,
  failed: 0,
  skipped: 0,
  cancelled: 0,
};

function step(nodeId: string, key = '', status: Step['status'] = 'succeeded'): Step {
  return sampleStep(nodeId, { key, status, startedAt: '2026-07-27T10:00:00.000Z', finishedAt: null });
}

const node = (id: string, parent?: string): FlowNode => ({
  id,
  type: 'core.map',
  version: 1,
  config: {},
  parent,
});
const DOCUMENT: FlowDocument = {
  ...emptyFlow('looped'),
  nodes: [
    node('start'),
    node('each'),
    node('call', 'each'),
    node('inner', 'each'),
    node('leaf', 'inner'),
    node('end'),
  ],
};

describe('counts of a loop', () => {
  test.each([
    [
      { ...NONE, succeeded: 9_980, failed: 10, running: 10 },
      10_000,
      '9,990 of 10,000 done · 10 failed · 10 running',
    ],
    [{ ...NONE, succeeded: 3, in_doubt: 1, waiting: 2 }, null, '3 done · 1 in doubt · 2 waiting'],
    [NONE, 0, '0 of 0 done'],
  ])('%j of %j in words', (counts, items, words) => {
    expect(countsInWords(counts, items)).toBe(words);
  });

  test('what is settled, and what stands for all', () => {
    const counts = { ...NONE, succeeded: 4, failed: 1, skipped: 2, cancelled: 1, running: 3 };
    expect(settledCount(counts)).toBe(8);
    expect(heaviestStatus(counts)).toBe('failed');
    expect(heaviestStatus(NONE)).toBeUndefined();
  });
});

describe('unfoldSteps', () => {
  test('puts the steps of an iteration behind their loop, and those of a loop inside of it behind that', () => {
    const root = [step('start'), step('each'), step('end')];
    const chosen = [step('call', '4'), step('inner', '4'), step('leaf', '4.2')];
    const names = unfoldSteps(DOCUMENT, root, chosen).map(({ nodeId, key }) => `${nodeId}${key}`);
    expect(names).toEqual(['start', 'each', 'call4', 'inner4', 'leaf4.2', 'end']);
    expect(unfoldSteps(DOCUMENT, root, [])).toBe(root);
  });
});

describe('nodeStates of a run with a loop', () => {
  const counts = {
    loops: [{ nodeId: 'each', key: '', items: 3, iterations: { ...NONE, succeeded: 2, failed: 1 } }],
    nodes: [
      { nodeId: 'call', steps: { ...NONE, succeeded: 2, failed: 1 } },
      { nodeId: 'leaf', steps: { ...NONE, succeeded: 6 } },
    ],
  };

  test('tell how far the loop has come, and how the nodes in it fared', () => {
    const states = nodeStates([step('start'), step('each')], 0, counts);
    expect(states.get('each')).toMatchObject({ status: 'succeeded', progress: '3 of 3 done · 1 failed' });
    expect(states.get('call')).toMatchObject({ status: 'failed', progress: '3 done · 1 failed' });
    expect(states.get('leaf')).toMatchObject({ status: 'succeeded', progress: '6 done' });
    expect(states.get('start')?.progress).toBeUndefined();
  });

  test('are those of the chosen iteration where its steps are there', () => {
    const states = nodeStates([step('each'), step('call', '0')], 0, counts);
    expect(states.get('call')).toMatchObject({ status: 'succeeded' });
    expect(states.get('call')?.progress).toBeUndefined();
  });
});

test.each([
  [{ emails: [], role: 'operator' as const }, 'everyone with the role operator or a higher one'],
  [{ emails: ['a@x.com'], role: null }, 'a@x.com'],
  [{ emails: ['a@x.com', 'b@x.com'], role: null }, 'a@x.com and b@x.com'],
  [{ emails: ['a@x.com', 'b@x.com', 'c@x.com', 'd@x.com'], role: null }, 'a@x.com and 3 others'],
  [{ emails: [], role: null }, 'owners and admins'],
])('approvers %j in words', (approvers, words) => {
  expect(approversInWords(approvers)).toBe(words);
});
