import type { Locator, Page } from '@playwright/test';

import { query } from '#test/support/query.ts';

import { expect, test } from './support/e2e-test.ts';
import { postEvent } from './support/events.ts';
import { callingFlow } from './support/flows.ts';
import { openAsOwner } from './support/sign-in.ts';
import { useSite } from './support/use-site.ts';

const site = useSite();
const headers = { 'content-type': 'application/json' };

test('the dashboard counts what ran, beside the time before, and leads to the runs behind each figure', async ({
  page,
}) => {
  site.sink.reply('/refused', { status: 422 });
  const orders = await publish('shop-orders', '/orders');
  const letters = await publish('mail-letters', '/refused');
  await post(orders, 2);
  await ended(2);
  await moveBack('90 minutes');
  await post(orders, 4);
  await post(letters, 1);
  await ended(7);

  await openAsOwner(page, site, '/dashboard?range=1h');
  await expect(tile(page, 'Events accepted')).toHaveText('Events accepted5+150 %, before: 2');
  await expect(tile(page, 'Succeeded')).toHaveText('Succeeded4+100 %, before: 2');
  await expect(tile(page, 'Failed (dead letters)')).toHaveText('Failed (dead letters)1before: 0');
  await expect(tile(page, 'Error rate')).toHaveText('Error rate20 %before: 0 %');

  await page.getByRole('button', { name: 'Last 24 hours' }).click();
  await expect(page.getByRole('button', { name: 'Last 24 hours' })).toHaveAttribute('aria-pressed', 'true');
  await expect(tile(page, 'Events accepted')).toHaveText('Events accepted7before: 0');

  const bar = page
    .getByRole('group', { name: /^Runs by outcome/ })
    .getByRole('link', { name: /succeeded, 1 failed/ });
  const [, succeeded] = /(\d+) succeeded/.exec((await bar.getAttribute('aria-label')) ?? '') ?? [];
  await bar.click();
  await expect(page).toHaveURL(/\/runs\?.*by=ended/);
  await expect(runRows(page)).toHaveCount(Number(succeeded) + 1);
  await expect(runRows(page).filter({ hasText: 'mail letters' })).toHaveCount(1);

  await page.goBack();
  await page
    .getByRole('table', { name: 'By flow' })
    .getByRole('link', { name: 'mail letters', exact: true })
    .click();
  await expect(page).toHaveURL(/\/dashboard\?.*flow=mail-letters/);
  await expect(tile(page, 'Events accepted')).toHaveText('Events accepted1before: 0');
  const steps = page.getByRole('table', { name: 'By step' });
  await expect(steps.getByRole('row', { name: /^Post to API 1 / })).toBeVisible();
  await tile(page, 'Failed (dead letters)').getByRole('link').click();
  await expect(page).toHaveURL(/\/runs\?(?=.*flow=mail-letters)(?=.*status=failed)/);
  await expect(runRows(page)).toHaveCount(1);
});

async function publish(slug: string, path: string): Promise<string> {
  await site.call(`PUT /flows/${slug}`, callingFlow(slug, site.sink.url + path));
  return (await site.call(`POST /flows/${slug}/publish`, {})).hookUrl;
}

async function post(hookUrl: string, times: number): Promise<void> {
  for (let number = 1; number <= times; number += 1)
    await postEvent(hookUrl, { headers, body: JSON.stringify({ number }) });
}

async function ended(runs: number): Promise<void> {
  await expect
    .poll(async () => (await site.call('GET /runs?status=succeeded,failed')).data.length)
    .toBe(runs);
}

/** Lets what ran have run earlier, and the statistics be counted anew, as after an upgrade. */
async function moveBack(time: string): Promise<void> {
  for (const change of [
    `update run set created_at = created_at - interval '${time}', started_at = started_at - interval '${time}',
       finished_at = finished_at - interval '${time}'`,
    `update step set started_at = started_at - interval '${time}', finished_at = finished_at - interval '${time}'`,
    'truncate stat, stat_time, stat_mark',
  ])
    await query(site.product.databaseUrl, change);
}

/** A figure with its change and what it was before. */
function tile(page: Page, label: string): Locator {
  return page
    .getByLabel('In this time')
    .locator('div')
    .filter({ has: page.getByText(label, { exact: true }) });
}

function runRows(page: Page): Locator {
  return page.getByRole('row').filter({ has: page.getByRole('link') });
}
