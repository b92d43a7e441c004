import type { Page } from '@playwright/test';

import { acmeUrl, allowAtAcme, connectAcme } from './support/connect-acme.ts';
import { editorOf, retype, type Editor } from './support/editor.ts';
import { expect, test } from './support/e2e-test.ts';
import { useSite } from './support/use-site.ts';

/** Tokens end while runs are under way: between the attempts of one that fails, too. */
const TOKEN_SECONDS = 6;

const site = useSite({ env: { PATCHBAY_SANDBOX: 'on', ACME_TOKEN_SECONDS: String(TOKEN_SECONDS) } });
const acme = () => acmeUrl(site.product);

/** The README's tour "Connect an app", step by step. */
test('the tour: contacts of Acme become deals, and one that fails is put right after Acme took its consent back', async ({
  page,
}) => {
  await connectAcme(page, site);
  const editor = await draw(page);
  await fillIn(page, editor);
  await publish(page);

  await addContact(page, 'Mo Lund');
  await page.goto(site.url('/runs'));
  const rows = page.getByRole('row', { name: /Leads/ });
  await expect(rows.getByText('Succeeded')).toBeVisible({ timeout: 120_000 });
  await expectDeals(page, 'Mo Lund');

  await trouble(page, /The deals API answers 503/);
  await addContact(page, 'Kit Vale');
  const tokens = await tokensAt();
  await page.goto(site.url('/runs'));
  const failed = rows.filter({ hasText: 'Failed' });
  await expect(failed).toBeVisible({ timeout: 180_000 });
  await failed.getByRole('link').first().click();
  await expect(page.getByRole('heading', { name: 'The other side did not work' })).toBeVisible();
  const run = page.url();
  expect(Date.parse(await tokensAt())).toBeGreaterThan(Date.parse(tokens));

  const before = await registeredAt();
  await page.goto(`${acme()}/apps`);
  await page.getByRole('button', { name: 'Revoke' }).first().click();
  await trouble(page, /All is well/);

  await page.goto(run);
  await page.getByRole('button', { name: 'Resume', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Its connection must be connected again' })).toBeVisible({
    timeout: 120_000,
  });
  await allowAtAcme(page, () => page.getByRole('button', { name: 'Reconnect' }).click());
  await expect(page.locator('header').getByText('Succeeded')).toBeVisible({ timeout: 120_000 });
  await page.goto(site.url('/flows'));
  await expect(page.getByRole('row', { name: /Leads/ }).getByText('Acme is sending').last()).toBeVisible();
  await expectDeals(page, 'Mo Lund', 'Kit Vale');

  // Acme ended the webhook with the consent: it is registered anew.
  await expect
    .poll(async () => [null, before].includes(await registeredAt()), { timeout: 120_000 })
    .toBe(false);
  await addContact(page, 'Nell Fox');
  await expect(() => expectDeals(page, 'Mo Lund', 'Kit Vale', 'Nell Fox')).toPass({ timeout: 120_000 });
});

async function draw(page: Page): Promise<Editor> {
  await page.goto(site.url('/flows'));
  await page.getByRole('button', { name: 'Empty flow' }).click();
  const dialog = page.getByRole('dialog', { name: 'New flow' });
  await dialog.getByLabel('Name').fill('Leads');
  await dialog.getByRole('button', { name: 'Create the flow' }).click();
  const editor = editorOf(page);
  await expect(editor.canvas.getByText('What starts this flow?')).toBeVisible();
  for (const [search, makes] of [
    ['contact created', 'Contact created'],
    ['map', 'Map'],
    ['acme create deal', 'Create deal'],
  ] as const) {
    await page.keyboard.press('Tab');
    await page.keyboard.type(search);
    await page.keyboard.press('Enter');
    await expect(editor.node(makes)).toBeVisible();
  }
  await expect(editor.edges).toHaveCount(2);
  await page.getByRole('button', { name: 'Show all of the flow' }).click();
  return editor;
}

async function fillIn(page: Page, editor: Editor): Promise<void> {
  await editor.open('Contact created');
  await editor.choose('Connection', /Acme of sales/);
  await editor.open('Map');
  for (const name of ['title', 'contact']) {
    await editor.inspector.getByRole('button', { name: 'Add field' }).click();
    await page.keyboard.type(name);
  }
  await retype(editor.field('Output: title'), 'Deal with {{ trigger.body.data.name }}');
  await retype(editor.field('Output: contact'), '=trigger.body.data.id');
  await editor.open('Create deal');
  await editor.choose('Connection', /Acme of sales/);
  await retype(editor.field('Title'), '=steps.map.title');
  await editor
    .setting('Contact')
    .getByRole('button', { name: /expression/i })
    .click();
  await retype(editor.field('Contact'), 'steps.map.contact');
  await editor.field('Amount').fill('500');
  await editor.setting('Stage').locator('[aria-haspopup=dialog]').click();
  await page.getByRole('option', { name: /^Proposal/ }).click();
  await editor.waitUntilSaved();
}

async function publish(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Publish', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Publish', exact: true }).click();
  await expect(dialog.getByRole('status')).toHaveText('Acme sends its events to this flow.');
}

/** When the connection got the tokens that it has. */
async function tokensAt(): Promise<string> {
  return (await site.call('GET /connections/acme-of-sales')).refreshedAt as string;
}

/** When Acme was last asked for the events of the flow; null while it is not registered there. */
async function registeredAt(): Promise<string | null> {
  return (await site.call('GET /flows/leads/summary')).subscription.registeredAt as string | null;
}

async function addContact(page: Page, name: string): Promise<void> {
  await page.goto(`${acme()}/contacts`);
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Email').fill(`${name.toLowerCase().replace(' ', '.')}@example.com`);
  await page.getByRole('button', { name: 'Add the contact' }).click();
  await expect(page.getByRole('status')).toHaveText('The contact was added.');
}

async function trouble(page: Page, kind: RegExp): Promise<void> {
  await page.goto(`${acme()}/trouble`);
  await page.getByLabel(kind).check();
  await page.getByRole('button', { name: 'Make it so' }).click();
}

/** One deal for each of these people, made by the flow. */
async function expectDeals(page: Page, ...people: readonly string[]): Promise<void> {
  await page.goto(`${acme()}/deals`);
  const titles = page.getByRole('strong').filter({ hasText: /^Deal with / });
  await expect(titles).toHaveCount(people.length);
  for (const name of people) await expect(titles.filter({ hasText: `Deal with ${name}` })).toHaveCount(1);
}
