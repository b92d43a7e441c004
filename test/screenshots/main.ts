/**
 * npm run screenshots: starts the product, makes flows and real runs in it, and photographs every page into docs/images,
 * in light and dark, wide and narrow. PATCHBAY_CHROMIUM names the browser. `npm run screenshots -- connections` takes
 * those of connections alone; with PATCHBAY_SCREENSHOTS, a folder for them, in every state that they have.
 */
import { chromium, type Browser } from '@playwright/test';

import { startProduct, type Product } from '#test/support/product.ts';
import { startSink } from '#test/support/sink.ts';

import { NARROW, openPage, settle, shoot, THEMES, type Theme } from './camera.ts';
import { photographConnections } from './connections.ts';
import { seedWorkspace, type Seeded } from './seed.ts';

await main();

async function main(): Promise<void> {
  const browser = await chromium.launch({
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'],
    ...(process.env['PATCHBAY_CHROMIUM'] ? { executablePath: process.env['PATCHBAY_CHROMIUM'] } : {}),
  });
  try {
    if (process.argv[2] !== 'connections') await photographAll(browser);
    await photographConnections(browser);
  } finally {
    await browser.close();
  }
}

async function photographAll(browser: Browser): Promise<void> {
  const farEnd = await startSink();
  const empty = await startProduct({
    durable: true,
    env: {
      PATCHBAY_OWNER_EMAIL: undefined,
      PATCHBAY_OWNER_PASSWORD: undefined,
      PATCHBAY_OWNER_API_KEY: undefined,
    },
  });
  await photographFirstVisit(browser, empty);
  await empty.stop();
  const product = await startProduct({ durable: true });
  try {
    const seeded = await seedWorkspace(product, farEnd);
    for (const theme of THEMES) await photographPages(browser, { product, seeded, theme });
  } finally {
    await product.stop();
    await farEnd.stop();
  }
}

async function photographFirstVisit(browser: Browser, product: Product): Promise<void> {
  for (const theme of THEMES) {
    const page = await openPage(browser, product.url, theme);
    await page.goto('/set-up');
    await page.waitForLoadState('networkidle');
    await shoot(page, `set-up-${theme}`);
    await page.context().close();
  }
}

async function photographPages(
  browser: Browser,
  { product, seeded, theme }: { product: Product; seeded: Seeded; theme: Theme },
): Promise<void> {
  const page = await openPage(browser, product.url, theme);
  await page.goto('/sign-in');
  await page.waitForLoadState('networkidle');
  await shoot(page, `sign-in-${theme}`);
  await page.getByLabel('E-mail').fill(product.ownerEmail);
  await page.getByRole('textbox', { name: 'Password' }).fill(product.ownerPassword);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(`${product.url}/`);

  const pages: readonly [name: string, path: string][] = [
    ['home', '/'],
    ['flows', '/flows'],
    ['templates', '/templates'],
    ['template', '/templates?template=reserve-charge-undo'],
    ['canvas', `/flows/${seeded.flow}`],
    ['canvas-faults', `/flows/${seeded.faultyFlow}`],
    ['canvas-large', `/flows/${seeded.largeFlow}`],
    ['canvas-loop', `/flows/${seeded.askingFlow}`],
    ['runs', '/runs'],
    ['run-succeeded', `/runs/${seeded.succeededRun}`],
    ['run-failed', `/runs/${seeded.failedRun}`],
    ['run-waiting', `/runs/${seeded.waitingRun}`],
    ['run-loop', `/runs/${seeded.askingRun}`],
    ['run-replay', `/runs/${seeded.replayRun}`],
    ['dead-letters', '/dead-letters'],
    ['dead-letters-list', '/dead-letters?show=list'],
    ['bulk-action', `/bulk-actions/${seeded.bulkAction}`],
    ['bulk-actions', '/bulk-actions'],
    ['ledger', '/ledger'],
    ['approvals', '/approvals'],
    ['settings-account', '/settings/account'],
    ['settings-api-keys', '/settings/api-keys'],
    ['settings-audit', '/settings/audit'],
    ['api-reference', '/docs/api'],
  ];
  for (const [name, path] of pages) {
    await page.goto(path);
    await settle(page);
    await shoot(page, `${name}-${theme}`);
  }
  await page.goto(`/flows/${seeded.flow}`);
  await settle(page);
  await page.getByRole('group', { name: /^Create ticket, / }).click();
  await settle(page);
  await shoot(page, `canvas-inspector-${theme}`);

  await page.goto(`/runs/${seeded.failedRun}`);
  await page.getByRole('button', { name: 'Replay…' }).click();
  await page.getByRole('region', { name: 'What will happen' }).waitFor();
  await settle(page);
  await shoot(page, `run-replay-dialog-${theme}`);

  await page.setViewportSize(NARROW);
  for (const [name, path] of pages.filter(([name]) => !name.startsWith('canvas-'))) {
    await page.goto(path);
    await settle(page);
    await shoot(page, `${name}-narrow-${theme}`);
  }
  await page.context().close();
}
