import { expect, test } from './support/e2e-test.ts';
import { postEvent } from './support/events.ts';
import { askingFlow, callingFlow } from './support/flows.ts';
import { openAsOwner } from './support/sign-in.ts';
import { useSite } from './support/use-site.ts';

const site = useSite({ env: { PATCHBAY_SANDBOX: 'on' } });
const headers = { 'content-type': 'application/json' };

test('a new workspace is shown its first steps, which tick themselves off', async ({ page }) => {
  await openAsOwner(page, site, '/');
  const steps = page.getByRole('region', { name: 'First steps' });
  await expect(steps.getByRole('listitem')).toHaveCount(4);
  await expect(page.getByRole('heading', { name: 'Nothing needs attention' })).toBeVisible();
  await steps.getByRole('link', { name: 'Templates' }).click();
  await page.getByRole('button', { name: 'Switch by country' }).click();
  await page.getByRole('button', { name: 'Use this template' }).click();
  await page.getByRole('button', { name: 'Try it' }).click();
  await page
    .getByRole('dialog', { name: 'Test run' })
    .getByRole('button', { name: 'Run and open it' })
    .click();
  await expect(page.getByRole('group', { name: /^Answer, .*succeeded/ })).toBeVisible();

  await page.getByRole('link', { name: 'Home', exact: true }).click();
  await expect(steps.getByText('3 of 4 done.')).toBeVisible();
  await expect(steps.getByText('Done: Look at the run')).toBeVisible();
  await expect(
    page.getByRole('region', { name: 'Latest runs' }).getByText('Switch by country'),
  ).toBeVisible();
  await steps.getByRole('button', { name: 'Put the first steps away' }).click();
  await expect(steps).toBeHidden();
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Nothing needs attention' })).toBeVisible();
  await expect(steps).toBeHidden();
});

test('what fails and what asks comes up while the page is open, and leads to where it is mended', async ({
  page,
}) => {
  await openAsOwner(page, site, '/');
  await expect(page.getByRole('heading', { name: 'Nothing needs attention' })).toBeVisible();
  site.sink.reply('/gone', { status: 404 });
  await site.call('PUT /flows/failing', callingFlow('failing', `${site.sink.url}/gone`));
  const failing = await site.call('POST /flows/failing/publish', {});
  await postEvent(failing.hookUrl, { headers, body: JSON.stringify({ number: 'A-1' }) });
  await site.call('PUT /flows/asking', askingFlow('asking'));
  const asking = await site.call('POST /flows/asking/publish', {});
  await postEvent(asking.hookUrl, {
    headers,
    body: JSON.stringify({ number: 'A-2', lines: [{ price: 5 }, { price: 0 }] }),
  });

  const failed = page.getByRole('region', { name: '1 failed run waits' });
  await expect(failed).toBeVisible();
  await expect(page.getByRole('region', { name: '1 approval waits for you' })).toBeVisible();
  await failed.getByRole('link', { name: 'There is nothing at that address' }).click();
  await expect(page).toHaveURL(/\/dead-letters\?/);
  await page.goBack();
  await page.getByRole('link', { name: 'Send order A-2?' }).click();
  await page.getByRole('button', { name: 'Approve: Send order A-2?' }).click();
  await page.getByRole('link', { name: 'Home', exact: true }).click();
  await expect(failed).toBeVisible();
  await expect(page.getByRole('region', { name: /approval waits/ })).toBeHidden();
});
