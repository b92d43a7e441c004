import type { Page } from '@playwright/test';

import { waitFor } from '#test/support/wait-for.ts';

import { addAfter, addFields, nameFlow } from './support/build-flow.ts';
import { acmeUrl, allowAtAcme, connectAcme } from './support/connect-acme.ts';
import { expect, test } from './support/e2e-test.ts';
import { retype, type Editor } from './support/editor.ts';
import { useSite } from './support/use-site.ts';

/** Tokens end while runs are under way. */
const TOKEN_SECONDS = 6;

const site = useSite({ env: { PATCHBAY_SANDBOX: 'on', ACME_TOKEN_SECONDS: String(TOKEN_SECONDS) } });

interface Step {
  readonly nodeId: string;
  readonly status: string;
  readonly waitingFor: string | null;
}

test('a contact in Acme becomes a deal, once: through its consent, over a token that ends, and over one that is taken back', async ({
  page,
}) => {
  test.setTimeout(300_000);
  await connectAcme(page, site);
  const row = page.getByRole('row', { name: /Acme of sales/ });
  await expect(row.getByText('Ada Park', { exact: true })).toBeVisible();
  await expect(row.getByText('Works')).toBeVisible();

  const editor = await test.step('contact created → map → create deal', () => buildFlow(page));
  await publish(page, 1);
  await addContact(page, 'Eve Rowe');
  await whenStep('Eve Rowe', 'create_deal', ({ status }) => status === 'succeeded');

  await test.step('a pause before the deal, longer than a token lives', () => insertPause(page, editor));
  await publish(page, 2);
  await addContact(page, 'Mo Lund');
  await whenStep('Mo Lund', 'wait', ({ status }) => status === 'waiting');
  await whenStep('Mo Lund', 'create_deal', ({ status }) => status === 'succeeded');

  const run = await test.step('taken back in the pause, the run waits and says why', async () => {
    await addContact(page, 'Kit Vale');
    await whenStep('Kit Vale', 'wait', ({ status }) => status === 'waiting');
    await page.goto(`${acmeUrl(site.product)}/apps`);
    await page
      .getByRole('button', { name: /Revoke/ })
      .first()
      .click();
    const id = await whenStep('Kit Vale', 'create_deal', ({ waitingFor }) => waitingFor === 'connection');
    await page.goto(site.url(`/runs/${id}`));
    await expect(page.getByText(/must be reconnected/).first()).toBeVisible();
    return id;
  });

  await page.goto(site.url('/connections'));
  await expect(page.getByText('1 connection needs somebody within a week')).toBeVisible();
  await expect(page.getByRole('link', { name: 'Deals' }).first()).toBeVisible();
  await allowAtAcme(page, () => row.getByRole('button', { name: 'Reconnect' }).click());
  await expect(row.getByText('Works')).toBeVisible();
  await whenStep('Kit Vale', 'create_deal', ({ status }) => status === 'succeeded');
  await page.goto(site.url(`/runs/${run}`));
  await expect(page.locator('header').getByText('Succeeded')).toBeVisible();

  await page.goto(site.url('/flows'));
  await expect(page.getByRole('row', { name: /Deals/ }).getByText('Acme is sending').last()).toBeVisible();
  await page.goto(`${acmeUrl(site.product)}/deals`);
  for (const name of ['Eve Rowe', 'Mo Lund', 'Kit Vale'])
    await expect(page.getByRole('strong').filter({ hasText: `Deal with ${name}` })).toHaveCount(1);
});

async function buildFlow(page: Page): Promise<Editor> {
  await page.getByRole('link', { name: 'Flows', exact: true }).first().click();
  await page.getByRole('button', { name: 'Empty flow' }).click();
  const editor = await nameFlow(page, 'Deals');
  // HubSpot has such a trigger, too.
  await editor.palette.getByLabel('Search nodes').fill('contact created acme');
  await editor.dropFromPalette('Contact created', { x: 150, y: 120 });
  await editor.choose('Connection', /Acme of sales/);
  await addAfter(editor, 'Contact created', { type: 'Map' });
  await addFields(editor, 'Output', {
    title: 'Deal with {{ trigger.body.data.name }}',
    contact: '=trigger.body.data.id',
  });
  await addAfter(editor, 'Map', { type: 'Create deal', search: 'create deal acme' });
  await editor.choose('Connection', /Acme of sales/);
  await retype(editor.field('Title'), '{{ steps.map.title }}');
  await editor
    .setting('Contact')
    .getByRole('button', { name: /write an expression/ })
    .click();
  await retype(editor.field('Contact'), 'steps.map.contact');
  await retype(editor.field('Amount'), '100');
  await editor.setting('Stage').locator('[aria-haspopup=dialog]').click();
  await page
    .getByRole('option', { name: /roposal/ })
    .first()
    .click();
  await editor.waitUntilSaved();
  await expect(page.getByText(/\d+ (fault|warning)/)).toHaveCount(0);
  return editor;
}

async function insertPause(page: Page, editor: Editor): Promise<void> {
  await page.goto(site.url('/flows/deals'));
  await editor.edges.nth(1).click();
  await page.getByRole('button', { name: 'Insert a node here' }).click();
  await page.keyboard.type('wait');
  await page.keyboard.press('Enter');
  await retype(editor.field('Seconds'), String(TOKEN_SECONDS + 2));
  await editor.waitUntilSaved();
}

/** The app is asked for its events before people are told that it sends them. */
async function publish(page: Page, version: number): Promise<void> {
  await page.getByRole('button', { name: 'Publish', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Publish', exact: true }).click();
  await expect(dialog.getByRole('heading', { name: `Version ${version} is published` })).toBeVisible();
  await expect(dialog.getByRole('status')).toHaveText('Acme sends its events to this flow.');
  await dialog.getByRole('button', { name: 'Done' }).click();
  await expect(page.getByTestId('subscription')).toHaveText('Acme is sending');
}

async function addContact(page: Page, name: string): Promise<void> {
  await page.goto(`${acmeUrl(site.product)}/contacts`);
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Email').fill(`${name.toLowerCase().replace(' ', '.')}@example.com`);
  await page.getByRole('button', { name: /Add/ }).click();
  await expect(page.getByText(name)).toBeVisible();
}

/** Waits for a step of the run that a contact started; the run's id. */
async function whenStep(name: string, nodeId: string, isSo: (step: Step) => boolean): Promise<string> {
  return waitFor(
    `the step ${nodeId} of ${name}`,
    async () => {
      const { data } = await site.call('GET /runs?flow=deals');
      for (const { id } of data as { id: string }[]) {
        const run = await site.call(`GET /runs/${id}`);
        if (!JSON.stringify(run.trigger ?? run).includes(name)) continue;
        const step = (run.steps as Step[]).find((each) => each.nodeId === nodeId);
        return step !== undefined && isSo(step) && id;
      }
      return undefined;
    },
    60_000,
  );
}
