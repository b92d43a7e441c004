import { expect, test } from 'vitest';

import { runClocks } from './clocks.ts';

const DAY_MS = 86_400_000;

test.each([DAY_MS, -DAY_MS])(
  'clocks that are wrong by %i ms fire no timer early and lose none',
  async (shiftMs) => {
    expect(await runClocks(shiftMs)).toMatchObject({ timers: 5, early: 0, lost: 0, faults: [] });
  },
  60_000,
);
