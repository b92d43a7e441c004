import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The slowest. Begun last, they would keep one worker busy while the others have nothing left; side by side, they would starve each other. */
const SLOW = [
  'canary/apps.test',
  'canary/canary.test',
  'scripts/start.test',
  'faults/crash/crash-points.test',
  'faults/key-rotation.test',
  'backup/backup.test',
  'model/recovery.test',
  'cli/cli.test',
  'sandbox/attacks.test',
  'worker/breaker.test',
  'server/sign-in.test',
  'worker/crash.test',
  'worker/poison.test',
  'faults/clocks.test',
  'reference/examples.test',
  'worker/waits.test',
  'token-storm/token-storm.test',
  'scripts/start-sandbox.test',
];

/** Begins one of the slow ones after every few of the others. */
const OTHERS_BETWEEN = 6;

class SlowEarly extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number =>
      SLOW.findIndex((name) => moduleId.includes(name));
    const sorted = await super.sort(files);
    const slow = sorted.filter((file) => place(file) >= 0).toSorted((a, b) => place(a) - place(b));
    const others = sorted.filter((file) => place(file) < 0);
    const mixed = slow.flatMap((file) => [file, ...others.splice(0, OTHERS_BETWEEN)]);
    return [...mixed, ...others];
  }
}

/** Calculations. They leave nothing behind in modules or globals, so that many are read into one process. */
const PURE = ['test/core/**/*.test.ts', 'test/components/**/*.test.{ts,tsx}'];

/** Unit and integration tests, the quick ones first. Browser journeys (`test/e2e`) run under Playwright. */
export default defineConfig({
  test: {
    environment: 'node',
    pool: 'forks',
    // Tests start real databases and processes and mostly wait for them.
    maxWorkers: 4,
    sequence: { sequencer: SlowEarly },
    // Only to end what hangs: everything waits for conditions, on machines that have other things to do.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 45_000 } },
    restoreMocks: true,
    env: { LOG_LEVEL: 'silent', NEXT_TELEMETRY_DISABLED: '1' },
    projects: [
      { extends: true, test: { name: 'pure', include: PURE, isolate: false, sequence: { groupOrder: 0 } } },
      {
        extends: true,
        test: {
          name: 'product',
          include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
          exclude: [...PURE, 'test/e2e/**', 'test/bench/**'],
          globalSetup: ['test/support/global-setup.ts'],
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
