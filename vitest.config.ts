import { defineConfig } from 'vitest/config';

/** Unit and integration tests. Browser journeys (`test/e2e`) run under Playwright. */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    exclude: ['test/e2e/**', 'test/bench/**'],
    globalSetup: ['test/support/global-setup.ts'],
    environment: 'node',
    pool: 'forks',
    // Tests start real databases and processes and mostly wait for them.
    maxWorkers: 4,
    // Only to end what hangs: everything waits for conditions, on machines that have other things to do.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    restoreMocks: true,
    env: { LOG_LEVEL: 'silent', NEXT_TELEMETRY_DISABLED: '1' },
  },
});
