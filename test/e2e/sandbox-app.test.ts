import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';

import { startAcme, type Acme } from '#sandbox/start-acme.ts';
import { expect, test } from '#test/e2e/support/e2e-test.ts';
import { authorizationRequest, callAcme, connect } from '#test/support/acme.ts';
import { startSink, type Sink } from '#test/support/sink.ts';

const PAGES = ['/contacts', '/contacts/con_sample1', '/deals', '/webhooks', '/apps', '/trouble'];

/** Stands where Patchbay is. */
let app: Sink;
let acme: Acme;

test.beforeAll(async () => {
  app = await startSink();
  acme = await startAcme({ patchbayUrl: app.url });
  await fillPages();
});
test.afterAll(async () => {
  await acme.stop();
  await app.stop();
});

/** A connection, a webhook, a delivery and an idempotency key, so that every list has something to show. */
async function fillPages(): Promise<void> {
  const { access_token: token } = await connect(acme);
  const hook = { url: `${app.url}/hooks/x`, events: ['contact.created'] };
  await callAcme(acme, token, '/webhooks', { body: hook });
  const body = { name: 'Mo Lund', email: 'mo@example.com' };
  await callAcme(acme, token, '/contacts', { body, headers: { 'idempotency-key': 'once' } });
  await app.waitFor('/hooks/x', 1);
}

/** Where the browser was sent back to. */
async function answer(page: Page): Promise<URLSearchParams> {
  await page.waitForURL(`${acme.redirectUri}?*`);
  return new URL(page.url()).searchParams;
}

test('a person signs in with one click, unticks what they do not want, allows the rest and is sent back', async ({
  page,
}) => {
  await page.goto(authorizationRequest(acme).url);
  await page.getByRole('button', { name: /Ada Park/ }).click();
  await expect(page.getByRole('heading')).toHaveText('Patchbay wants to connect');
  await page.getByLabel(/Add and change deals/).uncheck();
  await page.getByRole('button', { name: 'Allow' }).click();
  expect((await answer(page)).get('code')).toMatch(/^[\w-]{20,}$/);
  expect(app.at('/oauth/callback')).toHaveLength(1);
});

test('somebody else can take over, may allow less, and can deny', async ({ page }) => {
  await page.goto(authorizationRequest(acme).url);
  await page.getByRole('button', { name: /Ada Park/ }).click();
  await page.getByRole('link', { name: 'Somebody else?' }).click();
  await page.getByRole('button', { name: /Ben Ortiz/ }).click();
  await expect(page.getByLabel(/Add and change deals/)).toBeDisabled();
  await expect(page.getByLabel(/See deals/)).toBeChecked();
  await page.getByRole('button', { name: 'Deny' }).click();
  expect((await answer(page)).get('error')).toBe('access_denied');
});

test('the way of connecting works by keyboard alone', async ({ page }) => {
  await page.goto(authorizationRequest(acme).url);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading')).toHaveText('Patchbay wants to connect');
  // Past the link and the six boxes.
  for (let stop = 0; stop < 8; stop += 1) await page.keyboard.press('Tab');
  await expect(page.getByRole('button', { name: 'Allow' })).toBeFocused();
  await page.keyboard.press('Enter');
  expect((await answer(page)).has('code')).toBe(true);
});

test('a contact is added on the page, and a trouble is made and put right', async ({ page }) => {
  await page.goto(acme.url);
  await page.getByLabel('Name').fill('Nell Fox');
  await page.getByLabel('Email').fill('nell@example.com');
  await page.getByRole('button', { name: 'Add the contact' }).click();
  await expect(page.getByRole('status')).toHaveText('The contact was added.');
  await expect(page.getByRole('link', { name: 'Nell Fox' })).toBeVisible();
  await page.getByRole('link', { name: 'Trouble' }).click();
  await page.getByLabel(/The deals API answers 503/).check();
  await page.getByRole('button', { name: 'Make it so' }).click();
  await page.getByRole('link', { name: 'Deals' }).click();
  await expect(page.getByLabel('Trouble', { exact: true })).toContainText('the deals API answers 503');
  await page.getByRole('link', { name: 'Put it right' }).click();
  await page.getByLabel(/All is well/).check();
  await page.getByRole('button', { name: 'Make it so' }).click();
  await expect(page.getByText('Trouble is on')).toHaveCount(0);
});

for (const colorScheme of ['light', 'dark'] as const)
  for (const width of [1440, 390])
    test(`every page is accessible and fits, ${colorScheme}, ${width} px`, async ({ page }) => {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 900 });
      for (const path of PAGES) {
        await page.goto(acme.url + path);
        await expectGood(page);
      }
      await page.goto(authorizationRequest(acme).url);
      await expectGood(page);
      await page.getByRole('button', { name: /Ben Ortiz/ }).click();
      await expectGood(page);
    });

async function expectGood(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  const faults = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  expect.soft(faults, page.url()).toEqual([]);
  const tooWide = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect.soft(tooWide, page.url()).toBe(0);
}
