import { describe, expect, test } from 'vitest';

import { FEATURES } from './features.ts';
import { runModel } from './run-model.ts';

/** Too rare for so few flows; `npm run model` counts them. */
const RARE = new Set([
  'nested_loop_3',
  'item_continued',
  'partly_undone',
  'undone_in_loop',
  'cancelled_step',
]);

describe('the engine and the reference interpreter', () => {
  test('agree on 150 random flows, with workers dying meanwhile', async () => {
    const { mismatches, features, interrupted, outcomes } = await runModel({
      flows: 150,
      seed: 20,
      kills: 3,
    });
    const told = mismatches.map(({ number, faults, evidence }) => ({
      number,
      faults,
      flow: evidence.document,
    }));
    expect(told).toEqual([]);
    expect(interrupted).toBeGreaterThan(0);
    expect(outcomes.exact).toBeGreaterThan(75);
    for (const feature of FEATURES)
      if (!RARE.has(feature)) expect(features[feature], feature).toBeGreaterThan(0);
  }, 240_000);
});
