import type { BrowserContext, Page } from '@playwright/test';

import { expect } from './e2e-test.ts';
import type { Site } from './use-site.ts';

/** Signs in through the page, as the owner unless another address is given, and waits for the home page. */
export async function signIn(page: Page, { product }: Site, email = product.ownerEmail): Promise<void> {
  await page.goto(`${product.url}/sign-in`);
  await page.getByLabel('E-mail').fill(email);
  await page.getByRole('textbox', { name: 'Password' }).fill(product.ownerPassword);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('heading', { name: 'Home', exact: true })).toBeVisible();
}

type Cookies = Awaited<ReturnType<BrowserContext['cookies']>>;

/** The owner's cookies, by the address of the product that gave them. */
const sessions = new Map<string, Cookies>();

/** Opens a page as the owner; only the first call for a product signs in through the page. */
export async function openAsOwner(page: Page, site: Site, path: string): Promise<void> {
  const known = sessions.get(site.product.url);
  if (known) await page.context().addCookies(known);
  else {
    await signIn(page, site);
    sessions.set(site.product.url, await page.context().cookies());
  }
  await page.goto(site.url(path));
}
