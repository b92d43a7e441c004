/**
 * npm run screenshots: starts the product, makes flows and real runs in it, and photographs every page into docs/images,
 * in light and dark, wide and narrow. PATCHBAY_CHROMIUM names the browser.
 */
import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';

import { chromium, type Browser, type Page } from '@playwright/test';

import { startProduct, type Product } from '#test/support/product.ts';
import { startSink } from '#test/support/sink.ts';

import { seedWorkspace, type Seeded } from './seed.ts';

const IMAGES = resolve(import.meta.dirname, '../../docs/images');
const WIDE = { width: 1440, height: 900 };
const NARROW = { width: 390, height: 844 };

await main();

async function main(): Promise<void> {
  await mkdir(IMAGES, { recursive: true });
  const browser = await chromium.launch({
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'],
    ...(process.env['PATCHBAY_CHROMIUM'] ? { executablePath: process.env['PATCHBAY_CHROMIUM'] } : {}),
  });
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
    for (const theme of ['light', 'dark'] as const)
      await photographPages(browser, { product, seeded, theme });
  } finally {
    await product.stop();
    await farEnd.stop();
    await browser.close();
  }
}

type Theme = 'light' | 'dark';

async function photographFirstVisit(browser: Browser, product: Product): Promise<void> {
  for (const theme of ['light', 'dark'] as const) {
    const page = await openPage(browser, product, theme);
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
  const page = await openPage(browser, product, theme);
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
    ['connections', '/connections'],
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

async function openPage(browser: Browser, product: Product, theme: Theme): Promise<Page> {
  const context = await browser.newContext({ baseURL: product.url, viewport: WIDE, colorScheme: theme });
  return await context.newPage();
}

/** Live pages keep a connection open, so the network never falls idle: what loads is waited for instead. */
async function settle(page: Page): Promise<void> {
  await page.waitForLoadState('load');
  await page.waitForFunction(() =>
    [...document.querySelectorAll('.animate-pulse, .animate-spin')].every((one) => !one.checkVisibility()),
  );
  await page.waitForFunction(() =>
    document
      .getAnimations()
      .every((one) => one.playState !== 'running' || one.effect?.getTiming().iterations === Infinity),
  );
  await page.evaluate(() => document.fonts.ready);
}

async function shoot(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: resolve(IMAGES, `${name}.png`) });
  process.stdout.write(`docs/images/${name}.png\n`);
}
