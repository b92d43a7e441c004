import { expect, test } from 'vitest';

import { compareHref } from '#components/compare/compare-href.ts';
import { compareStates } from '#components/compare/compare-states.ts';
import { differencesInWords, partingInWords } from '#components/compare/compare-words.ts';
import type { ComparedStepReply } from '#core/api/compare-runs.ts';

type Facts = NonNullable<ComparedStepReply['after']>;

const NONE = { total: 0, shown: [] };
const fine: Facts = {
  status: 'succeeded',
  ports: ['out'],
  error: null,
  attempts: 1,
  ms: 120,
  waitMs: 0,
  isReused: false,
};
const failed: Facts = { ...fine, status: 'failed', ports: [] };

function step(
  before: Facts | null,
  after: Facts | null,
  more: Partial<ComparedStepReply> = {},
): ComparedStepReply {
  return {
    nodeId: 'post',
    key: '',
    before,
    after,
    differs: [],
    settings: NONE,
    input: NONE,
    output: NONE,
    ...more,
  };
}

test.each<[ComparedStepReply, string]>([
  [step(fine, failed, { differs: ['status', 'ports', 'error'] }), 'succeeded before, failed now'],
  [step(fine, null, { differs: ['presence'] }), 'succeeded before, not reached now'],
  [step(null, fine, { differs: ['presence'] }), 'not reached before, succeeded now'],
  [
    step({ ...fine, ports: ['true'] }, { ...fine, ports: ['false'] }, { differs: ['ports'] }),
    'went on by “true” before, by “false” now',
  ],
  [step(failed, failed, { differs: ['error'] }), 'it failed in both, each time for another reason'],
])('where runs part, in words %#', (given, words) => {
  expect(partingInWords(given)).toBe(words);
});

test('what differs, briefly', () => {
  const input = { total: 3, shown: [] };
  const settings = { total: 1, shown: [] };
  expect(differencesInWords(step(fine, fine))).toEqual([]);
  expect(
    differencesInWords(step(fine, failed, { differs: ['status', 'ports', 'error', 'input'], input })),
  ).toEqual(['failed, was succeeded', 'input: 3 fields']);
  expect(differencesInWords(step(fine, fine, { differs: ['settings'], settings }))).toEqual(['1 setting']);
  expect(differencesInWords(step(fine, null))).toEqual(['not reached in this run']);
});

test('each node is marked by how its steps differ; of a loop’s items one that differs speaks for all', () => {
  const steps = [
    step(fine, fine, { nodeId: 'hook' }),
    step(fine, fine, { nodeId: 'map', differs: ['output'] }),
    step(fine, fine, { key: '0' }),
    step(fine, failed, { key: '1', differs: ['status'] }),
    step(fine, null, { nodeId: 'end', differs: ['presence'] }),
  ];
  const states = compareStates({ steps, parting: { nodeId: 'post', key: '1' } });
  expect([...states].map(([nodeId, { status, mark }]) => [nodeId, status, mark])).toEqual([
    ['hook', 'succeeded', undefined],
    ['map', 'succeeded', 'differs'],
    ['post', 'failed', 'parts'],
    ['end', 'skipped', 'differs'],
  ]);
});

test('the address of a comparison', () => {
  expect([compareHref('a'), compareHref('a', 'b')]).toEqual(['/runs/a/compare', '/runs/a/compare?with=b']);
});
