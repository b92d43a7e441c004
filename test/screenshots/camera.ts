import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';

import type { Browser, Page } from '@playwright/test';

/** Where pictures go: docs/images, or the folder that PATCHBAY_SCREENSHOTS names. */
const FOLDER = resolve(
  process.env['PATCHBAY_SCREENSHOTS'] ?? resolve(import.meta.dirname, '../../docs/images'),
);

export const WIDE = { width: 1440, height: 900 };
export const NARROW = { width: 390, height: 844 };
export const THEMES = ['light', 'dark'] as const;

export type Theme = (typeof THEMES)[number];

/** A window of its own, 1440 pixels wide. */
export async function openPage(browser: Browser, baseURL: string, theme: Theme): Promise<Page> {
  const context = await browser.newContext({ baseURL, viewport: WIDE, colorScheme: theme });
  return await context.newPage();
}

/** Live pages keep a connection open, so the network never falls idle: what loads is waited for instead. */
export async function settle(page: Page): Promise<void> {
  await page.waitForLoadState('load');
  await page.waitForFunction(() =>
    [...document.querySelectorAll('.animate-pulse, .animate-spin')].every(
      (one) => one.closest('[data-lasting]') !== null || !one.checkVisibility(),
    ),
  );
  await page.waitForFunction(() =>
    document
      .getAnimations()
      .every((one) => one.playState !== 'running' || one.effect?.getTiming().iterations === Infinity),
  );
  await page.evaluate(() => document.fonts.ready);
}

/** Takes the picture of what the window shows. */
export async function shoot(page: Page, name: string): Promise<void> {
  await mkdir(FOLDER, { recursive: true });
  const path = resolve(FOLDER, `${name}.png`);
  await page.screenshot({ path });
  process.stdout.write(`${path}\n`);
}
