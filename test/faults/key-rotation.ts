/**
 * npm run key-rotation: the master key is changed while webhooks arrive and flows call, each with connections of its own; all processes
 * are restarted one by one for each step, and the command is killed once in the middle. One JSON line; exit 1 when a run
 * failed, an event was refused, or a connection does not hold what it should (`faults`). Uses the server in
 * PATCHBAY_TEST_POSTGRES, else starts one of its own.
 *
 * --connections N (10000)   two for each flow
 * --rotations N (2)
 * --rate N (100)            events, and so runs, a second
 * --processes N (2)         web processes, and as many workers
 */
import { parseArgs } from 'node:util';

import setUp from '#test/support/global-setup.ts';

import { proveKeyRotation } from './keys/prove-key-rotation.ts';

const { values } = parseArgs({
  options: {
    connections: { type: 'string', default: '10000' },
    rotations: { type: 'string', default: '2' },
    rate: { type: 'string', default: '100' },
    processes: { type: 'string', default: '2' },
  },
});

const tearDown = await setUp();
try {
  const report = await proveKeyRotation({
    connections: Number(values.connections),
    rotations: Number(values.rotations),
    ratePerSecond: Number(values.rate),
    processes: Number(values.processes),
    changesPerSecond: 5,
  });
  process.stdout.write(`${JSON.stringify(report)}\n`);
  process.exitCode = report.faults.length === 0 ? 0 : 1;
} finally {
  await tearDown();
}
