import { defineConfig } from '@playwright/test';

/** Browser journeys against the real product. `npm test` finds or installs a Chromium and names it here. */
export default defineConfig({
  testDir: 'test/e2e',
  testMatch: '**/*.test.ts',
  outputDir: 'test-results',
  globalSetup: './test/support/global-setup.ts',
  // Each file starts a product of its own, and mostly waits.
  workers: 3,
  fullyParallel: false,
  // Long, for machines that have other things to do: everything waits for conditions, so a fast one is not slowed.
  timeout: 300_000,
  expect: { timeout: 30_000 },
  forbidOnly: true,
  use: {
    headless: true,
    viewport: { width: 1440, height: 900 },
    actionTimeout: 30_000,
    // A view that glides is nowhere in particular while a journey aims at it.
    contextOptions: { reducedMotion: 'reduce' },
    // Recording costs more than the journeys themselves: PATCHBAY_TRACE=1 asks for it.
    trace: process.env.PATCHBAY_TRACE ? 'retain-on-failure' : 'off',
    screenshot: 'only-on-failure',
    launchOptions: {
      ...(process.env.PATCHBAY_CHROMIUM ? { executablePath: process.env.PATCHBAY_CHROMIUM } : {}),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
