import type { Page } from '@playwright/test';

import { expect, test } from './support/e2e-test.ts';
import { postEvent } from './support/events.ts';
import { askingFlow, LOOP_HEADER } from './support/flows.ts';
import { openAsOwner } from './support/sign-in.ts';
import { useSite } from './support/use-site.ts';

const site = useSite();
const LINES = 250;

test('a question appears in the inbox by itself and is approved there with a comment', async ({ page }) => {
  await openAsOwner(page, site, '/approvals');
  await expect(page.getByRole('heading', { name: 'Nothing waits for a decision' })).toBeVisible();
  const runId = await start('inbox', 'I-1');
  await expect(page.getByRole('heading', { name: 'Send order I-1?' })).toBeVisible();
  await expect(page.getByText('everyone with the role operator')).toBeVisible();
  await expect(page.getByRole('link', { name: /^Approvals/ }).first()).toContainText('1');

  await page.getByRole('button', { name: 'Add a comment' }).click();
  await page.getByRole('textbox', { name: /^Comment on/ }).fill('Checked with the warehouse.');
  await page.getByRole('button', { name: 'Approve: Send order I-1?' }).click();
  await expect(page.getByRole('heading', { name: 'Nothing waits for a decision' })).toBeVisible();
  await expect.poll(async () => (await site.call(`GET /runs/${runId}`)).status).toBe('succeeded');
  await page.getByRole('tab', { name: 'Decided' }).click();
  await expect(page.getByText('Checked with the warehouse.')).toBeVisible();
  await expect(page.getByText('Approved', { exact: true })).toBeVisible();
  const [approval] = (await site.call(`GET /approvals?run=${runId}`)).data;
  expect(approval).toMatchObject({ status: 'approved', comment: 'Checked with the warehouse.' });
});

test('two people decide at the same time: the first counts, and the other is told', async ({
  page,
  visits,
}) => {
  visits.expectMessages(/status of 409/);
  const runId = await start('contested', 'C-1');
  await openAsOwner(page, site, `/runs/${runId}`);
  const other = await (await visits.openContext()).newPage();
  await openAsOwner(other, site, '/approvals');
  const approve = page.getByRole('button', { name: 'Approve: Send order C-1?' });
  const reject = other.getByRole('button', { name: 'Reject: Send order C-1?' });
  await expect(approve).toBeVisible();
  await expect(reject).toBeVisible();
  // The other page does not hear of it before it sends its own decision.
  const sent = Promise.withResolvers<void>();
  await other.route('**/decide', async (route) => {
    await sent.promise;
    await route.continue();
  });
  await reject.click();
  await approve.click();
  await expect(page.locator('header').getByText('Succeeded')).toBeVisible();
  sent.resolve();
  await expect(other.getByText(/Nothing was changed/).first()).toBeVisible();
  await expect(other.getByRole('heading', { name: 'Nothing waits for a decision' })).toBeVisible();
  expect((await site.call(`GET /approvals?run=${runId}`)).data).toMatchObject([{ status: 'approved' }]);
  expect((await site.call(`GET /runs/${runId}`)).status).toBe('succeeded');
});

test('a loop shows how far it came, lists what failed, and lets one look into an item', async ({ page }) => {
  const runId = await start('looped', 'L-1');
  await openAsOwner(page, site, `/runs/${runId}`);
  const details = page.getByRole('complementary', { name: 'Details' });
  await node(page, 'Each line').click({ position: LOOP_HEADER });
  await expect(details.getByText(`${LINES} of ${LINES} done · 2 failed`)).toBeVisible();
  const items = details.getByRole('list', { name: 'Items' });
  await expect(items.getByRole('button')).toHaveText([/#100/, /#200/]);
  await items.getByRole('button', { name: /#100/ }).click();
  await expect(details.getByText('item #100', { exact: true }).first()).toBeVisible();
  await expect(details.getByRole('region', { name: 'Error' })).toContainText('It has no price.');
  await expect(node(page, 'Price')).toHaveAccessibleName(/, failed$/);
  await details.getByRole('button', { name: 'Item after' }).click();
  await expect(node(page, 'Price')).toHaveAccessibleName(/, succeeded$/);
  await details.getByRole('button', { name: 'Back to all items' }).click();
  await details.getByRole('combobox', { name: 'Items shown' }).click();
  await page.getByRole('option', { name: 'All items' }).click();
  await details.getByRole('textbox', { name: 'From item' }).fill('240');
  await expect(items.getByRole('button')).toHaveCount(10);
  await expect(page.locator('header').getByText('Waits for approval')).toBeVisible();
});

function node(page: Page, name: string) {
  return page.getByRole('group', { name: new RegExp(`^${name}, `) });
}

/** Starts a run whose lines 100 and 200 have no price, and waits until it asks. */
async function start(slug: string, number: string): Promise<string> {
  await site.call(`PUT /flows/${slug}`, askingFlow(slug));
  const { hookUrl } = (await site.call(`POST /flows/${slug}/publish`, {})) as { hookUrl: string };
  const lines = Array.from({ length: LINES }, (_, index) => ({
    price: index > 0 && index % 100 === 0 ? 0 : 5,
  }));
  const body = JSON.stringify({ number, lines });
  const runId = await postEvent(hookUrl, { headers: { 'content-type': 'application/json' }, body });
  await expect.poll(async () => (await site.call(`GET /approvals?run=${runId}`)).data.length).toBe(1);
  return runId;
}
