import { acmeUrl, connectAcme } from './support/connect-acme.ts';
import { expect, test } from './support/e2e-test.ts';
import { useSite } from './support/use-site.ts';

const site = useSite({ env: { PATCHBAY_SANDBOX: 'on' } });

const FLOW = {
  format: 1,
  name: 'Welcome',
  slug: 'welcome',
  nodes: [
    {
      id: 'event',
      type: 'acme.contact_created',
      version: 1,
      connection: 'acme-of-sales',
      position: { x: 0, y: 0 },
    },
    {
      id: 'words',
      type: 'core.map',
      version: 1,
      config: { output: { $tpl: 'Welcome, {{ trigger.body.data.name }}' } },
      position: { x: 320, y: 0 },
    },
  ],
  edges: [{ from: 'event', to: 'words' }],
};

test('a contact that somebody adds in Acme starts a run, once the flow is published', async ({ page }) => {
  await connectAcme(page, site);
  await site.call('PUT /flows/welcome', FLOW);
  await page.goto(site.url('/flows/welcome'));
  await page.getByRole('button', { name: 'Publish', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Publish', exact: true }).click();
  await expect(dialog.getByRole('status')).toHaveText('Acme sends its events to this flow.');
  await dialog.getByRole('button', { name: 'Done' }).click();
  await expect(page.getByTestId('subscription')).toHaveText('Acme is sending');

  await page.goto(`${acmeUrl(site.product)}/contacts`);
  await page.getByLabel('Name').fill('Mo Lund');
  await page.getByLabel('Email').fill('mo.lund@example.com');
  await page.getByRole('button', { name: /Add/ }).click();

  await page.goto(site.url('/runs?flow=welcome'));
  await expect(page.getByText('Succeeded').first()).toBeVisible({ timeout: 30_000 });
  const { data } = await site.call('GET /runs?flow=welcome');
  const [{ id }] = data as [{ id: string }];
  expect(await site.call(`GET /runs/${id}`)).toMatchObject({ output: 'Welcome, Mo Lund' });

  await page.goto(site.url('/flows'));
  await expect(
    page
      .getByRole('row', { name: /Welcome/ })
      .getByText('Acme is sending')
      .last(),
  ).toBeVisible();
});
