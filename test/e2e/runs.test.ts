import type { Locator, Page } from '@playwright/test';

import type { FlowNode } from '#core/flow-document.ts';

import { editorOf } from './support/editor.ts';
import { expect, test } from './support/e2e-test.ts';
import { postEvent } from './support/events.ts';
import { callingFlow } from './support/flows.ts';
import { openAsOwner } from './support/sign-in.ts';
import { useSite } from './support/use-site.ts';

const site = useSite();

test('narrows the list of runs by flow, status and text, and keeps that in the address', async ({ page }) => {
  site.sink.reply('/unknown', { status: 404 });
  const shop = await publishFlow('shop-orders', '/orders');
  const mail = await publishFlow('mail-letters', '/unknown');
  await postOrder(shop, 'A-1');
  await postOrder(shop, 'A-2');
  await postOrder(mail, 'B-1');
  await openAsOwner(page, site, '/runs');
  await expect(runRows(page)).toHaveCount(3);

  await page.getByRole('combobox', { name: 'Flow' }).click();
  await page.getByRole('option', { name: 'shop orders' }).click();
  await expect(runRows(page)).toHaveCount(2);
  await expect(runRows(page).filter({ hasText: 'mail letters' })).toHaveCount(0);
  await page.getByRole('searchbox', { name: 'Search runs' }).fill('A-2');
  await expect(runRows(page)).toHaveCount(1);
  await expect(page).toHaveURL(/(?=.*flow=shop-orders)(?=.*q=A-2)/);
  await page.reload();
  await expect(runRows(page)).toHaveCount(1);

  await page.getByRole('button', { name: 'Clear' }).click();
  await expect(runRows(page)).toHaveCount(3);
  await page.getByRole('button', { name: 'Status: any' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'Failed' }).click();
  await page.keyboard.press('Escape');
  await expect(runRows(page)).toHaveCount(1);
  await expect(runRows(page)).toContainText('mail letters');
  await page.getByRole('searchbox', { name: 'Search runs' }).fill('no such thing');
  await expect(page.getByRole('heading', { name: 'No run matches' })).toBeVisible();
});

test('a run appears in the list by itself and goes from running to succeeded before the eyes', async ({
  page,
}) => {
  const answered = Promise.withResolvers<void>();
  site.sink.reply('/slow', { until: answered.promise });
  const hookUrl = await publishFlow('slow-far-end', '/slow');
  await openAsOwner(page, site, '/runs?flow=slow-far-end');
  await expect(page.getByRole('heading', { name: 'No run matches' })).toBeVisible();
  const runId = await postOrder(hookUrl, 'S-1');
  await expect(runRows(page)).toHaveCount(1);
  await expect(runRows(page)).toContainText('Running');

  const watched = await page.context().newPage();
  await watched.goto(site.url(`/runs/${runId}`));
  await expect(node(watched, 'Post to API')).toHaveAccessibleName(/, running$/);
  await expect(watched.locator('header').getByText('Running')).toBeVisible();
  answered.resolve();
  await expect(node(watched, 'Post to API')).toHaveAccessibleName(/, succeeded$/);
  await expect(watched.locator('header').getByText('Succeeded')).toBeVisible();
  await expect(runRows(page)).toContainText('Succeeded');
});

test('a failed run opens with the step that failed and says why, and where to mend it', async ({ page }) => {
  site.sink.reply('/gone', { status: 404, body: { message: 'No such list' } });
  const hookUrl = await publishFlow('failing', '/gone');
  const runId = await postOrder(hookUrl, 'F-1');
  await openAsOwner(page, site, '/runs?flow=failing');
  await expect(runRows(page)).toContainText('Failed');
  await runRows(page).getByRole('link', { name: 'failing' }).click();
  await expect(page).toHaveURL(new RegExp(runId));

  const details = page.getByRole('complementary', { name: 'Details' });
  await expect(details.getByRole('heading', { name: 'Post to API' })).toBeVisible();
  await expect(details.getByRole('heading', { name: 'There is nothing at that address' })).toBeVisible();
  await expect(details.getByRole('region', { name: 'Error' })).toContainText('404');
  await expect(node(page, 'Post to API')).toHaveAccessibleName(/, failed$/);
  await expect(node(page, 'Reshape')).toHaveAccessibleName(/, succeeded$/);
  await details.getByRole('link', { name: 'Open the node' }).click();
  const editor = editorOf(page);
  await expect(editor.inspector.getByText('http.request')).toBeVisible();
  await expect(editor.field('URL')).toContainText('/gone');
});

test('a failed attempt is repeated: the page says when, and then that it worked', async ({ page }) => {
  const isMended = { now: false };
  site.sink.reply('/shaky', () => (isMended.now ? {} : { status: 503 }));
  const retry = { attempts: 10, baseSeconds: 3, maxSeconds: 3 };
  const hookUrl = await publishFlow('shaky-far-end', '/shaky', { retry });
  const runId = await postOrder(hookUrl, 'R-1');
  await openAsOwner(page, site, `/runs/${runId}`);
  await expect(page.locator('header').getByText('Next attempt')).toBeVisible();
  await expect(node(page, 'Post to API').getByText(/again/)).toBeVisible();
  isMended.now = true;
  await expect(page.locator('header').getByText('Succeeded')).toBeVisible();
  await node(page, 'Post to API').click();
  const details = page.getByRole('complementary', { name: 'Details' });
  await expect(details.getByText(/^\d+ of \d+ failed$/)).toBeVisible();
  await expect(details.getByText('Attempt 2')).toBeVisible();
});

test('a waiting run is cancelled, and no further call is made', async ({ page }) => {
  site.sink.reply('/down', { status: 503 });
  // The wait is drawn from zero on: a long one makes an early second attempt unlikely.
  const retry = { attempts: 10, baseSeconds: 3_000, maxSeconds: 3_000 };
  const hookUrl = await publishFlow('cancelled', '/down', { retry });
  const runId = await postOrder(hookUrl, 'C-1');
  await openAsOwner(page, site, `/runs/${runId}`);
  await expect(page.locator('header').getByText('Next attempt')).toBeVisible();
  await page.getByRole('button', { name: 'Cancel', exact: true }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel the run' }).click();
  await expect(page.locator('header').getByText('Cancelled')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Cancel', exact: true })).toBeHidden();
  expect(site.sink.at('/down')).toHaveLength(1);
});

function runRows(page: Page): Locator {
  return page.getByRole('row').filter({ has: page.getByRole('link') });
}

function node(page: Page, name: string): Locator {
  return page.getByRole('group', { name: new RegExp(`^${name}, `) });
}

/** Returns the URL of its hook. */
async function publishFlow(slug: string, path: string, call: Partial<FlowNode> = {}): Promise<string> {
  await site.call(`PUT /flows/${slug}`, callingFlow(slug, site.sink.url + path, call));
  const { hookUrl } = (await site.call(`POST /flows/${slug}/publish`, {})) as { hookUrl: string };
  return hookUrl;
}

async function postOrder(hookUrl: string, number: string): Promise<string> {
  const headers = { 'content-type': 'application/json' };
  return postEvent(hookUrl, { headers, body: JSON.stringify({ number }) });
}
