import { connectAcme } from './support/connect-acme.ts';
import { expect, test } from './support/e2e-test.ts';
import { editorOf } from './support/editor.ts';
import { openAsOwner } from './support/sign-in.ts';
import { useSite } from './support/use-site.ts';

const site = useSite({ env: { PATCHBAY_SANDBOX: 'on' } });

test('a template becomes a flow that is tried with its sample payload', async ({ page }) => {
  await openAsOwner(page, site, '/flows');
  await page.getByRole('link', { name: 'Choose a template' }).click();
  await page.getByRole('searchbox', { name: 'Search templates' }).fill('form wrong');
  await expect(page.getByRole('listitem').filter({ has: page.getByRole('article') })).toHaveCount(1);
  await page.getByRole('button', { name: 'Answer a form, with its errors' }).click();
  const dialog = page.getByRole('dialog', { name: 'Answer a form, with its errors' });
  await expect(dialog.getByText('Ends well')).toBeVisible();
  await dialog.getByRole('button', { name: 'Use this template' }).click();

  const editor = editorOf(page);
  await expect(editor.node('Check the fields')).toBeVisible();
  expect(await editor.overlappingNodes()).toEqual([]);
  const guide = page.getByRole('region', { name: 'From a template' });
  await expect(guide.getByText('Ready to try.')).toBeVisible();
  await guide.getByRole('button', { name: 'Try it' }).click();
  const run = page.getByRole('dialog', { name: 'Test run' });
  await expect(run.getByText('not an address')).toBeVisible();
  await run.getByRole('button', { name: 'Run and open it' }).click();
  await expect(page).toHaveURL(/\/runs\//);
  await expect(page.getByRole('group', { name: /^Say what is wrong, .*succeeded/ })).toBeVisible();

  const [{ slug }] = (await site.call('GET /flows')).data;
  expect(slug).toBe('form-with-errors');
});

test('used again it gets a slug of its own, and what it calls is published with it', async ({ page }) => {
  for (const slug of ['price-order-lines', 'price-order-lines-2']) {
    await openAsOwner(page, site, '/templates?template=price-order-lines');
    await page.getByRole('button', { name: 'Use this template' }).click();
    await expect(page).toHaveURL(new RegExp(`/flows/${slug}\\?`));
  }
  const made = await site.call('GET /flows/price-order-lines-2');
  expect(made.nodes.find((node: { id: string }) => node.id === 'price').config.flow).toBe('price-a-line-2');
  expect((await site.call('GET /flows/price-a-line-2/summary')).publishedVersion).toBe(1);
});

test('where a connection is missing the editor leads to it, and where there is one it is taken', async ({
  page,
}) => {
  await openAsOwner(page, site, '/templates?template=deal-for-new-contact');
  await expect(page.getByText('no connection yet')).toBeVisible();
  await page.getByRole('button', { name: 'Use this template' }).click();
  const guide = page.getByRole('region', { name: 'From a template' });
  await expect(guide.getByRole('button', { name: 'Try it' })).toBeDisabled();
  await guide.getByRole('button', { name: 'Acme of “Open a deal”' }).click();
  await expect(editorOf(page).inspector.getByRole('combobox', { name: 'Connection' })).toBeFocused();

  await connectAcme(page, site);
  await openAsOwner(page, site, '/templates?template=deal-for-new-contact');
  await expect(page.getByRole('combobox', { name: 'Acme' })).toContainText('Acme of sales');
  await page.getByRole('button', { name: 'Use this template' }).click();
  await expect(page).toHaveURL(/deal-for-new-contact-2/);
  await guide.getByRole('button', { name: 'Try it' }).click();
  await page
    .getByRole('dialog', { name: 'Test run' })
    .getByRole('button', { name: 'Run and open it' })
    .click();
  await expect(page.getByRole('group', { name: /^Open a deal, .*succeeded/ })).toBeVisible();
});
