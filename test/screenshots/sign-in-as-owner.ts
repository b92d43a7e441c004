import type { Page } from '@playwright/test';

import type { Product } from '#test/support/product.ts';

/** Signs in through the page and waits for the home page. */
export async function signInAsOwner(page: Page, product: Product): Promise<void> {
  await page.goto(`${product.url}/sign-in`);
  await page.getByLabel('E-mail').fill(product.ownerEmail);
  await page.getByRole('textbox', { name: 'Password' }).fill(product.ownerPassword);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Home', exact: true }).waitFor();
}
