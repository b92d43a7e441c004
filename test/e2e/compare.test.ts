import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';

import type { FlowDocument } from '#core/flow-document.ts';

import { expect, test } from './support/e2e-test.ts';
import { postEvent } from './support/events.ts';
import { callingFlow } from './support/flows.ts';
import { openAsOwner } from './support/sign-in.ts';
import { useSite } from './support/use-site.ts';

const site = useSite();

test('a failed run is compared with the last success: where they part, and which fields differ', async ({
  page,
}) => {
  site.sink.reply('/compared', ({ body }) =>
    body.includes('A-2') ? { status: 422, body: { message: 'No such customer' } } : { body: { ok: true } },
  );
  const slug = 'compared';
  await site.call(`PUT /flows/${slug}`, callingFlow(slug, `${site.sink.url}/compared`));
  const { hookUrl } = (await site.call(`POST /flows/${slug}/publish`, {})) as { hookUrl: string };
  const fine = await post(hookUrl, { number: 'A-1', lines: [{ id: 1, n: 2 }] });
  await ended(fine);
  const failed = await post(hookUrl, {
    number: 'A-2',
    lines: [
      { id: 7, n: 1 },
      { id: 1, n: 2 },
    ],
  });
  await ended(failed);

  await openAsOwner(page, site, `/runs/${failed}`);
  await page.getByRole('region', { name: 'Error' }).getByRole('link', { name: 'Compare' }).click();
  const verdict = page.getByRole('region', { name: 'Result of the comparison' });
  await expect(verdict).toContainText('The runs part at Post to API: succeeded before, failed now.');
  await expect(node(page, 'Post to API')).toHaveAccessibleName(/failed, the runs part here$/);
  await expect(node(page, 'Reshape')).toHaveAccessibleName(/differs$/);
  const differences = page.getByRole('complementary', { name: 'Differences' });
  await expect(differences.getByRole('heading', { name: 'Post to API' })).toBeVisible();
  await expect(differences.getByRole('list', { name: 'Changed in the input' })).toContainText('/body/title');
  await expect(differences.getByRole('list', { name: 'Changed in the input' })).not.toContainText('/url');
  await differences.getByRole('tab', { name: 'Event' }).click();
  const event = differences.getByRole('list', { name: 'Changed in the event' });
  await expect(event.getByRole('listitem').first()).toContainText('/body/');
  await expect(event).toContainText('/body/lines/0new');
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);

  // By keyboard through the steps, and the other way round.
  const steps = page.getByRole('region', { name: 'Steps compared' });
  await steps.getByRole('button', { name: /^Succeeded\s*Reshape/ }).click();
  await page.keyboard.press('ArrowUp');
  await expect(differences.getByRole('heading', { name: 'New order' })).toBeVisible();
  await page.getByRole('link', { name: 'Swap the two runs' }).click();
  await expect(verdict).toContainText('failed before, succeeded now');
  await expect(page).toHaveURL(new RegExp(`${fine}/compare\\?with=${failed}`));

  // Two runs of the list.
  await page.goto(site.url(`/runs?flow=${slug}`));
  for (const id of [fine, failed])
    await page.getByRole('checkbox', { name: `Select run ${id.slice(-8)}` }).check();
  await page.getByRole('region', { name: 'Selection' }).getByRole('link', { name: 'Compare' }).click();
  await expect(verdict).toContainText('succeeded before, failed now');
  // On a phone nothing is lost.
  await page.setViewportSize({ width: 390, height: 800 });
  await expect(differences.getByRole('heading', { name: 'Post to API' })).toBeVisible();
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(width).toBeLessThanOrEqual(390);
});

test('with nothing that has succeeded the page says so, and another run can be chosen', async ({
  page,
  visits,
}) => {
  visits.expectMessages(/404/);
  site.sink.reply('/never', { status: 404 });
  const slug = 'never-fine';
  await site.call(`PUT /flows/${slug}`, callingFlow(slug, `${site.sink.url}/never`));
  const { hookUrl } = (await site.call(`POST /flows/${slug}/publish`, {})) as { hookUrl: string };
  const ids = [await post(hookUrl, { number: '1' }), await post(hookUrl, { number: '2' })];
  for (const id of ids) await ended(id);
  await openAsOwner(page, site, `/runs/${ids[1]}/compare`);
  await expect(page.getByRole('heading', { name: 'Nothing to compare with' })).toBeVisible();
  await page.getByRole('combobox', { name: 'Compare with' }).click();
  await page.getByRole('option', { name: new RegExp(ids[0]!.slice(-8)) }).click();
  const verdict = page.getByRole('region', { name: 'Result of the comparison' });
  await expect(verdict).toContainText('Every step came out the same way.');
  await expect(verdict).toContainText('Their data differ from');
});

test('an order is found by its number, and a link leads to one of its steps, on a phone too', async ({
  page,
}) => {
  const slug = 'numbered';
  const document = callingFlow(slug, `${site.sink.url}/numbered`);
  await site.call(`PUT /flows/${slug}`, document);
  await openAsOwner(page, site, `/flows/${slug}`);
  const settings = page.getByRole('group', { name: 'Find runs by a business key' });
  await settings.getByRole('switch').click();
  const value = page.getByRole('group', { name: 'Where it stands in the event' }).getByRole('textbox');
  await value.click();
  await page.keyboard.type('trigger.body.number');
  await expect
    .poll(async () => ((await site.call(`GET /flows/${slug}`)) as FlowDocument).settings.businessKey)
    .toEqual({ name: 'order', value: { $expr: 'trigger.body.number' } });
  const { hookUrl } = (await site.call(`POST /flows/${slug}/publish`, {})) as { hookUrl: string };
  const wanted = await post(hookUrl, { number: '4711', customer: { id: 7 } });
  await post(hookUrl, { number: '9', note: 'about 4711', customer: { id: 8 } });
  await ended(wanted);

  await page.goto(site.url(`/runs?flow=${slug}`));
  const rows = page.getByRole('row').filter({ has: page.getByRole('link') });
  await expect(rows).toHaveCount(2);
  const search = page.getByRole('searchbox', { name: 'Search runs' });
  await search.fill('order 4711');
  await expect(rows).toHaveCount(1);
  await expect(rows).toContainText('order 4711');
  await search.fill('4711');
  await expect(page.getByText('Exactly the runs of order 4711.')).toBeVisible();
  await page.getByRole('button', { name: 'Look for the text anywhere' }).click();
  await expect(rows).toHaveCount(2);
  await search.fill('customer.id = 8');
  await expect(rows).toHaveCount(1);
  await expect(rows).toContainText('order 9');
  await page.getByRole('button', { name: 'What to search for' }).click();
  await expect(page.getByRole('dialog', { name: 'What to search for' })).toContainText(
    'body.customer.id = 42',
  );

  await page.setViewportSize({ width: 390, height: 800 });
  await page.goto(site.url(`/runs/${wanted}?node=map`));
  const details = page.getByRole('complementary', { name: 'Details' });
  await expect(details.getByRole('heading', { name: 'Reshape' })).toBeInViewport();
  await expect(page.locator('header').getByText('order 4711')).toBeVisible();
  await page.getByRole('button', { name: /^Post to API, / }).click();
  await expect(page).toHaveURL(/\?node=post$/);
  await page.reload();
  await expect(details.getByRole('heading', { name: 'Post to API' })).toBeInViewport();
});

test('a large value is loaded as somebody opens it, and whole where it is sent anew', async ({ page }) => {
  const slug = 'large';
  await site.call(`PUT /flows/${slug}`, callingFlow(slug, `${site.sink.url}/large`));
  const { hookUrl } = (await site.call(`POST /flows/${slug}/publish`, {})) as { hookUrl: string };
  const lines = Array.from({ length: 1_200 }, (_, index) => ({ sku: `sku-${index}`, note: 'n'.repeat(80) }));
  const id = await post(hookUrl, { number: 'L-1', lines });
  await ended(id);
  await openAsOwner(page, site, `/runs/${id}`);
  const details = page.getByRole('complementary', { name: 'Details' });
  await details.getByRole('tab', { name: 'Event' }).click();
  const body = details.getByRole('group', { name: 'body' });
  await expect(body).toContainText('loaded as you open it');
  await expect(body).toContainText('L-1');
  await body.getByRole('button', { name: 'lines: list of 1,200' }).click();
  await expect(body.getByText('99:', { exact: true })).toBeVisible();
  await expect(body.getByText('100:', { exact: true })).toHaveCount(0);
  await body.getByRole('button', { name: 'Load more (100 of 1,200)' }).click();
  await expect(body.getByText('199:', { exact: true })).toBeVisible();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await page.getByRole('button', { name: 'Replay' }).click();
  const replay = page.getByRole('dialog');
  await replay.getByRole('switch', { name: 'Change the body of the event' }).click();
  await expect(replay).toContainText('sku-0');
});

async function post(hookUrl: string, body: unknown): Promise<string> {
  const headers = { 'content-type': 'application/json' };
  return postEvent(hookUrl, { headers, body: JSON.stringify(body) });
}

async function ended(id: string): Promise<void> {
  await expect
    .poll(async () => ((await site.call(`GET /runs/${id}`)) as { status: string }).status, {
      timeout: 20_000,
    })
    .toMatch(/succeeded|failed/);
}

function node(page: Page, name: string) {
  return page.getByRole('group', { name: new RegExp(`^${name}, `) });
}
