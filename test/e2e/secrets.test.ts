import type { Page } from '@playwright/test';

import { callerAccounts } from '#test/canary/accounts.ts';
import { Canaries, findHits, type Haystack } from '#test/canary/canaries.ts';
import { startTellTale, type TellTale } from '#test/canary/far-end.ts';
import { makeAuthority } from '#test/support/certificates.ts';
import { waitFor } from '#test/support/wait-for.ts';

import { expect, test } from './support/e2e-test.ts';
import { openAsOwner } from './support/sign-in.ts';
import { useSite } from './support/use-site.ts';

const site = useSite();
let farEnd: TellTale;
test.beforeAll(async () => {
  farEnd = await startTellTale(await (await makeAuthority()).server());
});
test.afterAll(() => farEnd.stop());

test('no page shows a secret that a far end repeats, nor is sent one', async ({ page, visits }) => {
  const canaries = new Canaries();
  const accounts = callerAccounts(canaries).filter(({ slug }) => slug !== 'signer');
  const runs: string[] = [];
  for (const account of accounts) {
    await site.call('POST /connections', account);
    for (const path of ['/status/200', '/text/503']) runs.push(await run(account.slug, farEnd.http + path));
  }
  const screens: Haystack[] = [];
  const waiting: Promise<unknown>[] = [];
  page.on('response', (response) => {
    const kept = response.body().then(
      (bytes) => screens.push({ name: `reply ${response.url()}`, bytes }),
      // A redirect has no body, nor has what a page gave up.
      () => undefined,
    );
    waiting.push(kept);
  });
  visits.expectMessages(/Failed to load resource/);

  await openAsOwner(page, site, '/flows');
  for (const path of PAGES) await see(page, screens, path);
  for (const { slug } of accounts) await see(page, screens, `/flows/${slug}-status-200`);
  for (const id of runs) {
    await see(page, screens, `/runs/${id}`);
    await page.locator('.react-flow__node').filter({ hasText: 'Ask' }).click();
    await expect(page.getByText('[secret]').first()).toBeVisible();
    await keep(page, screens, `a step of ${id}`);
  }
  await Promise.all(waiting);
  expect(findHits(canaries.all, screens)).toEqual([]);
  // Otherwise the pages had nothing to hide.
  expect(screens.filter(({ bytes }) => bytes.includes('[secret]')).length).toBeGreaterThan(runs.length);
});

const PAGES = [
  '/connections',
  '/connections/apps',
  '/runs',
  '/dead-letters',
  '/approvals',
  '/ledger',
  '/bulk-actions',
  '/settings',
  '/settings/audit',
  '/settings/api-keys',
  '/settings/system',
];

/** A page as it was sent, and as it stands once everything has come. */
async function see(page: Page, screens: Haystack[], path: string): Promise<void> {
  await page.goto(site.url(path), { waitUntil: 'load' });
  await expect(page.getByRole('heading').first()).toBeVisible();
  await keep(page, screens, path);
}

async function keep(page: Page, screens: Haystack[], name: string): Promise<void> {
  const [html, text] = [await page.content(), await page.locator('body').innerText()];
  screens.push({ name: `page ${name}`, bytes: Buffer.from(`${html}\n${text}`) });
}

/** Resolves to the id of a run that has ended. */
async function run(connection: string, url: string): Promise<string> {
  const slug = `${connection}-${new URL(url).pathname.slice(1).replace('/', '-')}`;
  const call = { id: 'call', type: 'http.request', version: 1, label: 'Ask', connection };
  await site.call(`PUT /flows/${slug}`, {
    format: 1,
    name: slug,
    slug,
    nodes: [
      { id: 'start', type: 'core.manual', version: 1, config: {} },
      { ...call, config: { method: 'POST', url }, retry: { attempts: 1 }, position: { x: 320, y: 0 } },
    ],
    edges: [{ from: 'start', to: 'call' }],
  });
  await site.call(`POST /flows/${slug}/publish`, {});
  const { id } = (await site.call(`POST /flows/${slug}/runs`, { input: {} })) as { id: string };
  await waitFor('the run to end', async () => {
    const { status } = (await site.call(`GET /runs/${id}`)) as { status: string };
    return ['succeeded', 'failed'].includes(status);
  });
  return id;
}
