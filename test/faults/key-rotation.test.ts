import { expect, test } from 'vitest';

import { proveKeyRotation } from './keys/prove-key-rotation.ts';

/** The short tier of `npm run key-rotation`. */
test(
  'the master key changes while flows run: no run fails, and no change is undone',
  { timeout: 180_000 },
  async () => {
    const report = await proveKeyRotation({
      connections: 300,
      rotations: 1,
      ratePerSecond: 20,
      processes: 1,
      changesPerSecond: 5,
    });
    expect(report.faults).toEqual([]);
    expect(report).toMatchObject({ failed: 0, refused: 0, succeeded: report.runs });
    expect(report.runs).toBeGreaterThan(50);
    // The rotation that was killed may have been through.
    if (report.leftAtKill.some((left) => left > 0)) expect(report.rewrapped).toBeGreaterThan(0);
  },
);
