import { randomUUID } from 'node:crypto';

import { expect, test } from './support/e2e-test.ts';
import { callingFlow } from './support/flows.ts';
import { signIn } from './support/sign-in.ts';
import { useSite } from './support/use-site.ts';

const REFUSED = /status of 401/;
const SESSION_ENDS_WITHIN_MS = 5_000;

test.describe('on a database without an owner', () => {
  const site = useSite({
    env: {
      PATCHBAY_OWNER_EMAIL: undefined,
      PATCHBAY_OWNER_PASSWORD: undefined,
      PATCHBAY_OWNER_API_KEY: undefined,
    },
  });

  test('the first visitor sets the workspace up, once', async ({ page, visits }) => {
    await page.goto(site.url('/'));
    await expect(page).toHaveURL(site.url('/set-up'));
    await page.getByLabel('Your name').fill('Ada Lovelace');
    await page.getByLabel('E-mail').fill('ada@example.com');
    await page.getByRole('textbox', { name: 'Password' }).fill('engines weave algebra');
    await page.getByLabel('Workspace').fill('Analytical engines');
    await page.getByRole('button', { name: 'Create the workspace' }).click();
    await expect(page.getByRole('heading', { name: 'Home', exact: true })).toBeVisible();
    await expect(page.getByRole('link', { name: 'Analytical engines: home' })).toBeVisible();

    const second = await (await visits.openContext()).newPage();
    await second.goto(site.url('/set-up'));
    await expect(second).toHaveURL(/\/sign-in/);
  });
});

test.describe('with an owner', () => {
  const site = useSite();

  test('a wrong password is refused in plain words', async ({ page, visits }) => {
    visits.expectMessages(REFUSED);
    await page.goto(site.url('/flows'));
    await expect(page).toHaveURL(/\/sign-in/);
    await page.getByLabel('E-mail').fill(site.product.ownerEmail);
    await page.getByRole('textbox', { name: 'Password' }).fill('not the password');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page.getByText('The e-mail address or the password is wrong.')).toBeVisible();
    await page.getByRole('textbox', { name: 'Password' }).fill(site.product.ownerPassword);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page).toHaveURL(site.url('/'));
  });

  test('a session that is ended elsewhere is out within five seconds', async ({ page, visits }) => {
    visits.expectMessages(REFUSED);
    await signIn(page, site);
    const other = await (await visits.openContext()).newPage();
    await signIn(other, site);
    await other.goto(site.url('/runs'));
    await expect(other.getByRole('heading', { name: 'No runs yet' })).toBeVisible();

    await page.goto(site.url('/settings/account'));
    const lines = page.getByRole('listitem').filter({ hasText: 'seen' });
    await expect(lines.filter({ hasText: 'This browser' })).toHaveCount(1);
    for (let count = await lines.count(); count > 1; count -= 1) {
      await lines
        .getByRole('button', { name: /^Sign out/ })
        .first()
        .click();
      await expect(lines).toHaveCount(count - 1);
    }
    await expect(async () => {
      const reply = await other.request.get(site.url('/api/v1/me'));
      expect(reply.status()).toBe(401);
    }).toPass({ timeout: SESSION_ENDS_WITHIN_MS });
    // The page's live stream ends with the session, so it leaves by itself.
    await expect(other).toHaveURL(/\/sign-in/, { timeout: 30_000 });
    await page.reload();
    await expect(page.getByText('This browser')).toBeVisible();
  });

  test('every page carries the security headers, and foreign scripts do not run', async ({
    page,
    visits,
  }) => {
    await signIn(page, site);
    for (const path of [
      '/sign-in',
      '/flows',
      '/runs',
      '/connections',
      '/settings/account',
      '/docs/api',
      '/nowhere',
    ]) {
      const reply = await page.request.get(site.url(path));
      const headers = reply.headers();
      const policy = headers['content-security-policy'] ?? '';
      expect(policy, path).toMatch(/script-src [^;]*'nonce-[\w+/=-]{16,}'/);
      expect(policy, path).toContain("frame-ancestors 'none'");
      expect(policy, path).not.toMatch(/script-src [^;]*'unsafe-(inline|eval)'/);
      expect(headers['x-content-type-options'], path).toBe('nosniff');
      expect(headers['referrer-policy'], path).toBeTruthy();
      expect(headers['strict-transport-security'], `${path}, without https`).toBeUndefined();
      expect(headers['x-powered-by'], path).toBeUndefined();
    }

    visits.expectMessages(/Content Security Policy/);
    await page.goto(site.url('/flows'));
    const blocked = page.waitForEvent('console', (message) =>
      message.text().includes('Content Security Policy'),
    );
    await page.evaluate(() => {
      // As markup in the data of a flow would be, were it ever written into the page.
      document.body.insertAdjacentHTML('beforeend', '<img src="x:" onerror="window.isTakenOver = true">');
    });
    await blocked;
    expect(await page.evaluate(() => 'isTakenOver' in window)).toBe(false);
  });

  test('an API key is shown once, and one of a viewer reads but does not edit', async ({ page }) => {
    await signIn(page, site);
    await page.goto(site.url('/settings/api-keys'));
    await page.getByRole('button', { name: 'New key' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('Dashboard');
    await dialog.getByRole('combobox', { name: 'Role' }).click();
    await page.getByRole('option', { name: /^viewer/i }).click();
    await dialog.getByRole('button', { name: /Create/ }).click();
    await expect(dialog.getByRole('heading', { name: 'Copy the key now' })).toBeVisible();
    const key = (await dialog.getByLabel('API key', { exact: true }).innerText()).trim();
    await dialog.getByRole('button', { name: 'I have copied it' }).click();
    await expect(page.getByRole('row', { name: /Dashboard/ })).toContainText('viewer');
    await page.reload();
    await expect(page.getByRole('row', { name: /Dashboard/ })).toBeVisible();
    expect(await page.content()).not.toContain(key);

    const headers = { authorization: `Bearer ${key}` };
    const slug = `viewed-${randomUUID().slice(0, 8)}`;
    await site.call(`PUT /flows/${slug}`, callingFlow(slug, site.sink.url));
    const read = await fetch(site.url(`/api/v1/flows/${slug}`), { headers });
    expect(read.status).toBe(200);
    const flow = callingFlow(slug, 'https://elsewhere.example.com');
    for (const [method, path, body] of [
      ['PUT', `/flows/${slug}`, flow],
      ['POST', '/flows', { ...flow, slug: `${slug}-2` }],
      ['POST', `/flows/${slug}/publish`, {}],
      ['POST', `/flows/${slug}/runs`, { input: {} }],
      ['DELETE', `/flows/${slug}`, undefined],
      ['POST', '/api-keys', { name: 'more', role: 'owner' }],
    ] as const) {
      const reply = await fetch(site.url(`/api/v1${path}`), {
        method,
        headers: { ...headers, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      expect(reply.status, `${method} ${path}`).toBe(403);
    }
  });
});
