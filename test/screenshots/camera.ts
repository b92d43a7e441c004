import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';

import type { Browser, BrowserContext, Page } from '@playwright/test';

/** Where pictures go: docs/screens, or the folder that PATCHBAY_SCREENSHOTS names. */
export const FOLDER = resolve(
  process.env['PATCHBAY_SCREENSHOTS'] ?? resolve(import.meta.dirname, '../../docs/screens'),
);

const WIDE = { width: 1440, height: 900 };
const NARROW = { width: 390, height: 844 };
export const THEMES = ['light', 'dark'] as const;
/** A state that cannot be reached in this time is told, and fails the command. */
const PREPARE_MS = 15_000;

export type Theme = (typeof THEMES)[number];

/** One state of a page: how to get there from anywhere. */
export interface State {
  /** Of the picture's file. */
  readonly name: string;
  /** What the picture shows, for the index. */
  readonly title: string;
  readonly path: string;
  readonly prepare?: (page: Page) => Promise<unknown>;
  /** Also as on a phone. Default true; what is built with a canvas is for wide windows. */
  readonly isNarrowToo?: boolean;
}

/** States of one part of the product, as they stand in the index. */
export interface Album {
  readonly title: string;
  readonly states: readonly State[];
}

/** A window of its own, 1440 pixels wide. */
export async function openPage(browser: Browser, baseURL: string, theme: Theme): Promise<Page> {
  const context = await browser.newContext({
    baseURL,
    viewport: WIDE,
    colorScheme: theme,
    reducedMotion: 'reduce',
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  return await context.newPage();
}

/**
 * Takes the pictures of all states in both themes, wide and narrow. Resolves to the states that could not be reached, in words.
 * `cookies`: of whoever looks at the pages.
 */
export async function photograph(
  browser: Browser,
  { states }: Album,
  { url, cookies = [] }: { url: string; cookies?: Awaited<ReturnType<BrowserContext['cookies']>> },
): Promise<readonly string[]> {
  const missed: string[] = [];
  for (const theme of THEMES) {
    const page = await openPage(browser, url, theme);
    await page.context().addCookies(cookies);
    page.setDefaultTimeout(PREPARE_MS);
    for (const state of states) {
      const sizes = state.isNarrowToo === false ? [''] : ['', '-narrow'];
      for (const suffix of sizes) {
        const name = `${state.name}${suffix}-${theme}`;
        await page.setViewportSize(suffix === '' ? WIDE : NARROW);
        try {
          await reach(page, state);
        } catch (cause) {
          missed.push(`${name}: ${String(cause).split('\n')[0]}`);
        }
        await shoot(page, name);
      }
    }
    await page.context().close();
  }
  return missed;
}

async function reach(page: Page, { path, prepare }: State): Promise<void> {
  await page.goto(path);
  await settle(page);
  if (!prepare) return;
  await prepare(page);
  await settle(page);
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
  const path = resolve(FOLDER, `${name}.png`);
  await mkdir(resolve(path, '..'), { recursive: true });
  await page.screenshot({ path });
  process.stdout.write(`${path}\n`);
}
