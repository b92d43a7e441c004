import type { Page } from '@playwright/test';
import { Webhook } from 'standardwebhooks';

import { expect, test } from './support/e2e-test.ts';
import { postEvent } from './support/events.ts';
import { callingFlow } from './support/flows.ts';
import { openAsOwner } from './support/sign-in.ts';
import { useSite } from './support/use-site.ts';

const site = useSite();
const headers = { 'content-type': 'application/json' };

test('alerts are set up with a channel that is tried, and told by it', async ({ page }) => {
  await openAsOwner(page, site, '/alerts');
  await page.getByRole('link', { name: 'Set up alerts' }).click();
  await page.getByRole('button', { name: 'New channel' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('combobox', { name: 'Kind' }).click();
  await page.getByRole('option', { name: /^Webhook/ }).click();
  await dialog.getByRole('textbox', { name: 'Name' }).fill('On call');
  await dialog.getByRole('textbox', { name: 'Address' }).fill(`${site.sink.url}/alarm`);
  await dialog.getByRole('button', { name: 'Create the channel' }).click();
  const secret = await dialog.getByText(/^whsec_/).innerText();
  await dialog.getByRole('button', { name: 'I have copied it' }).click();
  await page.getByRole('button', { name: 'Send a test to On call' }).click();
  await expect(page.getByText('The test went out')).toBeVisible();
  expect(site.sink.at('/alarm')).toHaveLength(1);

  await page.getByRole('button', { name: 'Use the recommended rules' }).click();
  await expect(page.getByRole('switch', { name: /: on$/ })).toHaveCount(7);
  await page.getByRole('button', { name: 'New rule' }).click();
  await dialog.getByRole('combobox', { name: 'Watch' }).click();
  await page.getByRole('option', { name: /^Slow runs/ }).click();
  await dialog.getByRole('spinbutton', { name: 'From (seconds)' }).fill('5');
  await dialog.getByRole('button', { name: 'Create the rule' }).click();
  await expect(page.getByText('5 s or more, over 15 min, from 10 runs on. Tells On call.')).toBeVisible();

  await failOnce('told');
  const [, told] = await site.sink.waitFor('/alarm', 2);
  const message = new Webhook(secret).verify(told!.body.toString(), told!.headers as Record<string, string>);
  expect(message).toMatchObject({
    type: 'alert.opened',
    data: { alerts: [{ flow: 'told', nodeId: 'post' }] },
  });
});

test('from an alert to the failing step to the mended run in five clicks or fewer', async ({ page }) => {
  if ((await site.call('GET /alert-rules')).data.length === 0)
    await site.call('POST /alert-rules', { kind: 'dead_letters' });
  const farEnd = { works: false };
  site.sink.reply('/mend', () => ({ status: farEnd.works ? 201 : 422 }));
  await failOnce('mend');
  await expect.poll(async () => (await site.call('GET /alerts?state=open')).data.length).toBeGreaterThan(0);
  await openAsOwner(page, site, '/');
  const clicks = await countClicks(page);

  await page
    .getByRole('region', { name: /alerts? (is|are) open$/ })
    .getByRole('link', { name: /^mend: / })
    .click();
  await expect(page).toHaveURL(/\/runs\/.*node=post/);
  await expect(page.getByRole('heading', { name: 'This run failed and waits for you' })).toBeVisible();
  farEnd.works = true;
  await page.getByRole('button', { name: /^Resume/ }).click();
  await expect(page.locator('header').getByText('Succeeded')).toBeVisible();
  expect(await clicks()).toBeLessThanOrEqual(5);

  await page.goto(`${site.product.url}/alerts?show=resolved`);
  await expect(page.getByRole('link', { name: /^mend: 1 dead letter/ })).toBeVisible();
});

/** A published flow whose one call is refused, and a run of it that failed. */
async function failOnce(slug: string): Promise<void> {
  if (slug !== 'mend') site.sink.reply(`/${slug}`, { status: 422 });
  await site.call(`PUT /flows/${slug}`, callingFlow(slug, `${site.sink.url}/${slug}`));
  const { hookUrl } = await site.call(`POST /flows/${slug}/publish`, {});
  await postEvent(hookUrl, { headers, body: JSON.stringify({ number: 'A-1' }) });
}

/** Counts what a person clicks from now on, over pages that are moved to without a reload. */
async function countClicks(page: Page): Promise<() => Promise<number>> {
  await page.evaluate(() => {
    Object.assign(window, { clicked: 0 });
    addEventListener(
      'click',
      () => Object.assign(window, { clicked: Reflect.get(window, 'clicked') + 1 }),
      true,
    );
  });
  return () => page.evaluate(() => Reflect.get(window, 'clicked') as number);
}
