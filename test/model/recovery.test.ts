import { expect, test } from 'vitest';

import { checkRecovery } from './recovery.ts';

test('random replays and resumes do what their plan says, and nothing else', async () => {
  const { faults, replays, resumes, healed, refused } = await checkRecovery({ flows: 120, seed: 8 });
  expect(faults).toEqual([]);
  expect(replays).toBeGreaterThan(60);
  expect(resumes).toBeGreaterThan(8);
  expect(healed).toBeGreaterThan(20);
  expect(Object.keys(refused).sort()).toEqual([
    'not_reached',
    'run_stopped_itself',
    'run_undone',
    'was_undone',
  ]);
}, 240_000);
