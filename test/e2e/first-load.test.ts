import { setTimeout as sleep } from 'node:timers/promises';

import type { Locator, Page } from '@playwright/test';

import { countScripts, type ScriptCount } from '#test/support/count-scripts.ts';

import { expect, test } from './support/e2e-test.ts';
import { postEvent } from './support/events.ts';
import { callingFlow } from './support/flows.ts';
import { openAsOwner } from './support/sign-in.ts';
import { useSite } from './support/use-site.ts';

const site = useSite();

/** Compressed JavaScript, headers included, that a first visit may load while nobody touches the page. */
const MOST_BYTES = 200_000;

const heading = (name: string) => (page: Page) => page.getByRole('heading', { name, exact: true, level: 1 });

const PAGES: readonly (readonly [path: string, landmark: (page: Page) => Locator])[] = [
  ['/', heading('Home')],
  ['/runs', (page) => page.getByLabel('Search runs')],
  ['/flows', heading('Flows')],
  ['/templates', (page) => page.getByRole('list', { name: 'Templates' })],
  ['/connections', heading('Connections')],
  ['/connections/apps', heading('Connections')],
  ['/connections/events', heading('Connections')],
  ['/dead-letters', heading('Dead letters')],
  ['/dashboard', heading('Dashboard')],
  ['/alerts', heading('Alerts')],
  ['/approvals', heading('Approvals')],
  ['/ledger', heading('Ledger')],
  ['/drift', heading('Drift')],
  ['/bulk-actions', heading('Bulk actions')],
  ['/settings/account', heading('Settings')],
  ['/settings/alerts', heading('Settings')],
  ['/settings/api-keys', heading('Settings')],
  ['/settings/audit', heading('Settings')],
  ['/settings/retention', heading('Settings')],
  ['/settings/system', heading('Settings')],
  ['/docs/api', (page) => page.getByRole('heading', { level: 1 })],
];

for (const [path, landmark] of PAGES)
  test(`${path} is there with less than 200 kB of scripts`, async ({ page }) => {
    await openAsOwner(page, site, '/settings/account');
    expect(await bytesOfVisit(page, path, landmark)).toBeLessThan(MOST_BYTES);
  });

test('a bulk action is there with less than 200 kB of scripts', async ({ page }) => {
  const { later } = await endedRuns();
  const filter = { flow: 'drawn', runIds: [later] };
  const { id } = (await site.call('POST /bulk-actions', { kind: 'replay', filter })) as { id: string };
  await openAsOwner(page, site, '/settings/account');
  const title = (seen: Page) => seen.getByRole('heading', { level: 1 });
  expect(await bytesOfVisit(page, `/bulk-actions/${id}`, title)).toBeLessThan(MOST_BYTES);
});

test('the sign-in is there with less than 200 kB of scripts', async ({ page }) => {
  const button = (seen: Page) => seen.getByRole('button', { name: 'Sign in' });
  expect(await bytesOfVisit(page, '/sign-in', button)).toBeLessThan(MOST_BYTES);
});

const CANVASES: readonly (readonly [
  what: string,
  path: (runs: EndedRuns) => string,
  canvas: (page: Page) => Locator,
])[] = [
  ['a flow', () => '/flows/drawn', (page) => page.getByRole('region', { name: /^Flow canvas/ })],
  ['a run', ({ later }) => `/runs/${later}`, drawnNode],
  ['a comparison', ({ earlier, later }) => `/runs/${later}/compare?with=${earlier}`, drawnNode],
];

for (const [what, path, canvas] of CANVASES)
  test(`what ${what} is drawn with comes after a page of less than 200 kB of scripts`, async ({
    page,
    visits,
  }) => {
    const runs = await endedRuns();
    await openAsOwner(page, site, '/');
    const fresh = await visits.openContext();
    await fresh.addCookies(await page.context().cookies());
    const seen = await fresh.newPage();
    const scripts = await countScripts(seen);
    const served = await seen.goto(site.url(path(runs)));
    await expect(canvas(seen)).toBeVisible();
    const all = await settledBytes(scripts);
    const first = scripts.bytesNamedIn((await served?.text()) ?? '');
    expect(first).toBeGreaterThan(50_000);
    expect(first).toBeLessThan(MOST_BYTES);
    expect(all).toBeGreaterThan(first + 50_000);
  });

test('a run is readable before its flow is drawn, and where that cannot be loaded', async ({
  page,
  visits,
}) => {
  visits.expectMessages(/net::ERR_FAILED/, /could not (all )?be loaded/);
  const { later } = await endedRuns();
  await openAsOwner(page, site, '/');
  const served = await page.request.get(site.url(`/runs/${later}`));
  const named = await served.text();
  await page.route('**/_next/static/**/*.js', (route) =>
    named.includes(new URL(route.request().url()).pathname) ? route.continue() : route.abort(),
  );
  await page.goto(site.url(`/runs/${later}`));
  await expect(page.getByRole('heading', { name: 'drawn', exact: true })).toBeVisible();
  // By what the step does: nobody gave it a name.
  const steps = page.getByRole('region', { name: 'Steps in time' });
  await steps.getByRole('button', { name: /Map/ }).click();
  const details = page.getByRole('complementary', { name: 'Details' });
  await expect(details.getByRole('heading', { name: 'Map' })).toBeVisible();
  await expect(details.locator('summary', { hasText: 'Output' })).toBeVisible();
  await expect(page.getByText('The canvas could not be loaded')).toBeVisible();

  await page.unroute('**/_next/static/**/*.js');
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(drawnNode(page)).toBeVisible();
});

test('a dialog that could not be loaded opens once there is a network again', async ({ page, visits }) => {
  visits.expectMessages(/net::ERR_INTERNET_DISCONNECTED/, /could not be loaded/);
  await openAsOwner(page, site, '/flows');
  await expect(page.getByRole('button', { name: 'New flow' })).toBeEnabled();
  const refused = page.waitForEvent('console', (message) => message.text().includes('could not be loaded'));
  await page.context().setOffline(true);
  await page.getByRole('button', { name: 'New flow' }).evaluate((button: HTMLElement) => button.click());
  await refused;
  await expect(page.getByRole('dialog')).toBeHidden();
  await page.context().setOffline(false);
  await expect(page.getByRole('dialog', { name: 'New flow' }).getByLabel('Name')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
});

test('what floats comes at the first sign of a person, and a press before that is not lost', async ({
  page,
}) => {
  await openAsOwner(page, site, '/runs');
  await expect(page.getByLabel('Search runs')).toBeVisible();
  // No pointer moves and no key goes down first.
  await page.getByRole('button', { name: /^Status/ }).evaluate((button: HTMLElement) => button.click());
  await page.getByRole('menuitemcheckbox', { name: 'Failed' }).click();
  await expect(page.getByRole('button', { name: 'Status: Failed' })).toHaveAttribute('aria-expanded', 'true');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'Status: Failed' })).toBeFocused();
});

test('a menu opens by an arrow key that is the first of all keys', async ({ page }) => {
  await openAsOwner(page, site, '/runs');
  const status = page.getByRole('button', { name: /^Status/ });
  await status.evaluate((button: HTMLElement) => {
    button.focus();
    button.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown', bubbles: true, cancelable: true }));
  });
  await expect(page.getByRole('menuitemcheckbox', { name: 'Queued' })).toBeFocused();
});

interface EndedRuns {
  readonly earlier: string;
  readonly later: string;
}

/** Two runs of a flow that is drawn with nodes nobody gave a name. */
async function endedRuns(): Promise<EndedRuns> {
  const flow = callingFlow('drawn', `${site.sink.url}/post`);
  const nodes = flow.nodes.map(({ label: _label, ...node }) => node);
  await site.call('PUT /flows/drawn', { ...flow, nodes });
  const { hookUrl } = (await site.call('POST /flows/drawn/publish', {})) as { hookUrl: string };
  const post = () =>
    postEvent(hookUrl, { headers: { 'content-type': 'application/json' }, body: '{"number":"7"}' });
  const runs = { earlier: await post(), later: await post() };
  for (const id of Object.values(runs))
    await expect
      .poll(async () => ((await site.call(`GET /runs/${id}`)) as { status: string }).status, {
        timeout: 20_000,
      })
      .toBe('succeeded');
  return runs;
}

function drawnNode(page: Page): Locator {
  return page.getByRole('region', { name: 'Canvas' }).getByRole('group', { name: /^Map/ });
}

async function bytesOfVisit(page: Page, path: string, landmark: (page: Page) => Locator): Promise<number> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Network.clearBrowserCache');
  await page.goto('about:blank');
  const scripts = await countScripts(page);
  await page.goto(site.url(path));
  await expect(landmark(page)).toBeVisible();
  const bytes = await settledBytes(scripts);
  expect(bytes).toBeGreaterThan(50_000);
  return bytes;
}

/** Once no script has come for a second: pages that are told of changes keep a request open, so the network is never idle. */
async function settledBytes(scripts: ScriptCount): Promise<number> {
  let before = -1;
  while (before !== scripts.bytes()) {
    before = scripts.bytes();
    await sleep(1_000);
  }
  return before;
}
