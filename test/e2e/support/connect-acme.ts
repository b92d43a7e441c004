import type { Page } from '@playwright/test';

import type { Product } from '#test/support/product.ts';

import { expect } from './e2e-test.ts';
import { openAsOwner } from './sign-in.ts';

import type { Site } from './use-site.ts';

/** Where the sandbox app is that the product started. */
export function acmeUrl(product: Product): string {
  return /The sandbox app Acme is at (\S+)/.exec(product.output())![1]!;
}

/** Signs in at Acme, in the window that the click opened, and allows what is asked for. */
export async function allowAtAcme(page: Page, press: () => Promise<void>): Promise<void> {
  const [consent] = await Promise.all([page.context().waitForEvent('page'), press()]);
  await consent.getByRole('button', { name: /Ada Park/ }).click();
  await consent.getByRole('button', { name: 'Allow' }).click();
  await consent.waitForEvent('close');
}

/** Connects Acme through the pages, as the connection `acme-of-sales`. */
export async function connectAcme(page: Page, site: Site): Promise<void> {
  await openAsOwner(page, site, '/connections');
  await page.getByRole('button', { name: 'New connection' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Search what to connect' }).fill('acme');
  await dialog.getByRole('button', { name: /^Acme/ }).click();
  await dialog.getByLabel('Name').fill('Acme of sales');
  await expect(dialog.getByText('Add and change deals')).toBeVisible();
  await allowAtAcme(page, () => dialog.getByRole('button', { name: 'Connect to Acme' }).click());
  await expect(dialog).toBeHidden();
}
