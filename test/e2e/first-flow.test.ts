import { nameFlow, pick } from './support/build-flow.ts';
import { expect, test } from './support/e2e-test.ts';
import { openAsOwner } from './support/sign-in.ts';
import { useSite } from './support/use-site.ts';

const site = useSite();

test('a first flow is led to step by step, until it is published', async ({ page }) => {
  await page.addInitScript(() => window.localStorage.setItem('patchbay:first-flow-guide', 'yes'));
  await openAsOwner(page, site, '/flows');
  await page.getByRole('button', { name: 'New flow' }).first().click();
  const editor = await nameFlow(page, 'My first');
  const guide = page.getByRole('region', { name: 'Your first flow' });
  const next = (title: string) => guide.getByRole('button', { name: `${title}: next` });
  await next('Choose what starts it').click();
  await pick(editor, { type: 'Webhook' });
  await next('Add a step').click();
  await pick(editor, { type: 'Map' });
  await next('Give it data').click();
  await editor.setting('Output').getByRole('button', { name: 'Add field' }).last().click();
  await page.keyboard.type('order');
  await editor.field('Output: order').click();
  await editor.inspector.getByRole('button', { name: 'Insert trigger.body', exact: true }).click();
  await next('Try it').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(editor.canvas.getByRole('group', { name: /^Map, .*succeeded/ })).toBeVisible();
  await next('Publish it').click();
  await dialog.getByRole('button', { name: 'Publish', exact: true }).click();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await expect(guide).toBeHidden();
});
