import type { Page } from '@playwright/test';

import { expect, test } from './support/e2e-test.ts';
import { openAsOwner } from './support/sign-in.ts';
import { useSite } from './support/use-site.ts';

const site = useSite({ env: { PATCHBAY_SANDBOX: 'on' } });

async function makeLink(slug: string): Promise<string> {
  await site.call('POST /connections', { slug, connector: 'acme', owner: 'workspace' });
  const link = await site.call(`POST /connections/${slug}/links`, { purpose: 'To copy new leads' });
  return link.url as string;
}

/** Goes on to Acme, signs in there and decides. */
async function decide(page: Page, decision: 'Allow' | 'Deny'): Promise<void> {
  await page.getByRole('button', { name: 'Go on to Acme' }).click();
  await page.getByRole('button', { name: /Ada Park/ }).click();
  await page.getByRole('button', { name: decision }).click();
}

test('somebody without an account here grants access by a link, once', async ({ page }) => {
  const url = await makeLink('acme-by-link');
  await page.goto(url);
  await expect(page.getByText('To copy new leads')).toBeVisible();
  await expect(page.getByText('Add and change deals')).toBeVisible();
  await expect(page.getByText('Stay connected while you are away')).toBeVisible();

  await decide(page, 'Deny');
  await expect(page.getByText('You did not allow it at Acme. Nothing was changed.')).toBeVisible();

  await page.goto(url);
  await decide(page, 'Allow');
  await expect(page.getByText('Acme is connected as Ada Park.')).toBeVisible();
  await expect(page.getByText('You can close this page.')).toBeVisible();
  // No code and no token of the link went on in the address, or to Acme in a referrer.
  expect(page.url()).toMatch(/\/oauth\/done\/[\w-]+$/);
  expect(await site.call('GET /connections/acme-by-link')).toMatchObject({
    status: 'ok',
    account: 'Ada Park',
  });

  await page.goto(url);
  await expect(page.getByText('This link was used already.')).toBeVisible();

  // Whoever has no business with a link is told nothing.
  await page.goto(`${url.slice(0, -1)}x`);
  await expect(page.getByText('This link leads nowhere')).toBeVisible();
});

test('a consent that is nobody’s, and words that would like to be a page, are shown as text', async ({
  page,
}) => {
  await openAsOwner(page, site, '/connections');
  const markup = '<img src=x onerror="document.title=1"><script>document.title=2</script>';
  const strange = new URLSearchParams({ state: markup, code: markup, error_description: markup });
  const response = await page.goto(site.url(`/oauth/callback?${strange}`));
  await expect(page.getByText('This consent leads nowhere')).toBeVisible();
  expect(page.url()).toBe(site.url('/oauth/done/unknown'));
  expect(response!.headers()['content-security-policy']).toContain("frame-ancestors 'none'");
  expect(await response!.text()).not.toContain('onerror');
});
