import { setTimeout as sleep } from 'node:timers/promises';

import type { Locator, Page } from '@playwright/test';

import { countScripts, type ScriptCount } from '#test/support/count-scripts.ts';

import { expect, test } from './support/e2e-test.ts';
import { callingFlow } from './support/flows.ts';
import { openAsOwner } from './support/sign-in.ts';
import { useSite } from './support/use-site.ts';

const site = useSite();

/** Compressed JavaScript, headers included, that a first visit may load while nobody touches the page. */
const MOST_BYTES = 200_000;

const heading = (name: string) => (page: Page) => page.getByRole('heading', { name, exact: true, level: 1 });

const PAGES: readonly (readonly [path: string, landmark: (page: Page) => Locator])[] = [
  ['/', heading('Home')],
  ['/runs', (page) => page.getByLabel('Search runs')],
  ['/dashboard', heading('Dashboard')],
  ['/alerts', heading('Alerts')],
  ['/approvals', heading('Approvals')],
  ['/ledger', heading('Ledger')],
  ['/drift', heading('Drift')],
  ['/bulk-actions', heading('Bulk actions')],
  ['/settings/account', heading('Settings')],
];

/** Their dialogs come along: these must not grow. */
const LARGER: readonly (readonly [path: string, name: string, bytes: number])[] = [
  ['/flows', 'Flows', 212_000],
  ['/connections', 'Connections', 216_000],
  ['/dead-letters', 'Dead letters', 216_000],
];

for (const [path, name, bytes] of LARGER)
  test(`${path} is there with less than ${bytes / 1_000} kB of scripts`, async ({ page }) => {
    await openAsOwner(page, site, '/settings/account');
    expect(await bytesOfVisit(page, path, heading(name))).toBeLessThan(bytes);
  });

for (const [path, landmark] of PAGES)
  test(`${path} is there with less than 200 kB of scripts`, async ({ page }) => {
    await openAsOwner(page, site, '/settings/account');
    expect(await bytesOfVisit(page, path, landmark)).toBeLessThan(MOST_BYTES);
  });

test('the sign-in is there with less than 200 kB of scripts', async ({ page }) => {
  const button = (seen: Page) => seen.getByRole('button', { name: 'Sign in' });
  expect(await bytesOfVisit(page, '/sign-in', button)).toBeLessThan(MOST_BYTES);
});

test('what a flow is drawn with comes after a page of less than 200 kB of scripts', async ({
  page,
  visits,
}) => {
  await site.call('PUT /flows/drawn', callingFlow('drawn', `${site.sink.url}/post`));
  await openAsOwner(page, site, '/');
  const fresh = await visits.openContext();
  await fresh.addCookies(await page.context().cookies());
  const seen = await fresh.newPage();
  const scripts = await countScripts(seen);
  const served = await seen.goto(site.url('/flows/drawn'));
  await expect(seen.getByRole('region', { name: /^Flow canvas/ })).toBeVisible();
  const all = await settledBytes(scripts);
  const first = scripts.bytesNamedIn((await served?.text()) ?? '');
  expect(first).toBeGreaterThan(50_000);
  expect(first).toBeLessThan(MOST_BYTES);
  expect(all).toBeGreaterThan(first);
});

test('what floats comes at the first sign of a person, and a press before that is not lost', async ({
  page,
}) => {
  await openAsOwner(page, site, '/runs');
  await expect(page.getByLabel('Search runs')).toBeVisible();
  // No pointer moves and no key goes down first.
  await page.getByRole('button', { name: /^Status/ }).evaluate((button: HTMLElement) => button.click());
  await page.getByRole('menuitemcheckbox', { name: 'Failed' }).click();
  await expect(page.getByRole('button', { name: 'Status: Failed' })).toHaveAttribute('aria-expanded', 'true');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'Status: Failed' })).toBeFocused();
});

test('a menu opens by an arrow key that is the first of all keys', async ({ page }) => {
  await openAsOwner(page, site, '/runs');
  const status = page.getByRole('button', { name: /^Status/ });
  await status.evaluate((button: HTMLElement) => {
    button.focus();
    button.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown', bubbles: true, cancelable: true }));
  });
  await expect(page.getByRole('menuitemcheckbox', { name: 'Queued' })).toBeFocused();
});

async function bytesOfVisit(page: Page, path: string, landmark: (page: Page) => Locator): Promise<number> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Network.clearBrowserCache');
  await page.goto('about:blank');
  const scripts = await countScripts(page);
  await page.goto(site.url(path));
  await expect(landmark(page)).toBeVisible();
  const bytes = await settledBytes(scripts);
  expect(bytes).toBeGreaterThan(50_000);
  return bytes;
}

/** Once no script has come for a second: pages that are told of changes keep a request open, so the network is never idle. */
async function settledBytes(scripts: ScriptCount): Promise<number> {
  let before = -1;
  while (before !== scripts.bytes()) {
    before = scripts.bytes();
    await sleep(1_000);
  }
  return before;
}
