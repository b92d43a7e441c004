import { chromium, type Browser, type Page } from '@playwright/test';

import type { Product } from '#test/support/product.ts';

/** A headless Chromium; PATCHBAY_CHROMIUM names it. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'],
    ...(process.env['PATCHBAY_CHROMIUM'] ? { executablePath: process.env['PATCHBAY_CHROMIUM'] } : {}),
  });
}

export async function signIn(page: Page, product: Product): Promise<void> {
  await page.goto('/sign-in');
  await page.getByLabel('E-mail').fill(product.ownerEmail);
  await page.getByRole('textbox', { name: 'Password' }).fill(product.ownerPassword);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Home', exact: true }).waitFor();
}
