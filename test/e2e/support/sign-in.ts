import type { Page } from '@playwright/test';

import { expect } from './e2e-test.ts';
import type { Site } from './use-site.ts';

/** Signs in as the owner through the page, and waits for the list of flows. */
export async function signIn(page: Page, { product }: Site): Promise<void> {
  await page.goto(`${product.url}/sign-in`);
  await page.getByLabel('E-mail').fill(product.ownerEmail);
  await page.getByRole('textbox', { name: 'Password' }).fill(product.ownerPassword);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('heading', { name: 'Flows', exact: true })).toBeVisible();
}
