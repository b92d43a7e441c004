import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { AxeBuilder } from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';

import { startProduct } from '#test/support/product.ts';

import { expect, test } from './support/e2e-test.ts';
import { postEvent } from './support/events.ts';
import { askingFlow, callingFlow, LOOP_HEADER } from './support/flows.ts';
import { openAsOwner } from './support/sign-in.ts';
import { useSite } from './support/use-site.ts';

// Each worker looks at some of them, on a product of its own.
test.describe.configure({ mode: 'parallel' });

const site = useSite();
/** Filled before the pages are looked at. */
const runs = { succeeded: '', failed: '', asking: '', before: '', now: '' };
const bulkAction = { id: '' };

interface PageToSee {
  readonly name: string;
  readonly path: () => string;
  /** What is there once the page has its data. */
  readonly landmark: (page: Page) => Locator;
  /** What opens more of it, where there is no room to show it at once. */
  readonly prepare?: (page: Page) => Promise<unknown>;
  readonly isPublic?: boolean;
  /** Parts of it that are more of the same. */
  readonly leaveOut?: readonly string[];
}

const PAGES: readonly PageToSee[] = [
  {
    name: 'sign in',
    path: () => '/sign-in',
    landmark: (page) => page.getByRole('button', { name: 'Sign in' }),
    isPublic: true,
  },
  {
    name: 'home',
    path: () => '/',
    landmark: (page) => page.getByRole('link', { name: 'There is nothing at that address' }).first(),
  },
  {
    name: 'templates',
    path: () => '/templates',
    landmark: (page) => page.getByRole('img', { name: /^Picture of the flow: Form sent/ }),
    // More of the same.
    leaveOut: ['[aria-label="Templates"] > li:nth-of-type(n+7)'],
  },
  {
    name: 'a template',
    path: () => '/templates?template=fan-out-order',
    landmark: (page) => page.getByRole('dialog').getByRole('img', { name: /^Picture of the flow/ }),
    leaveOut: ['[aria-label="Templates"]'],
  },
  {
    name: 'flow editor, just made from a template',
    path: () => '/flows/seen-by-all?template=form-with-errors',
    landmark: (page) => page.getByRole('region', { name: 'From a template' }),
  },
  {
    name: 'flows',
    path: () => '/flows',
    landmark: (page) => page.getByRole('link', { name: 'seen by all' }),
  },
  {
    name: 'flow editor',
    path: () => '/flows/seen-by-all',
    landmark: (page) => page.getByRole('group', { name: /^Post to API, / }),
  },
  {
    name: 'flow editor with a node open',
    path: () => '/flows/seen-by-all?node=post',
    landmark: (page) => page.getByRole('textbox', { name: 'URL' }),
    prepare: openSettings,
  },
  {
    name: 'flow editor, a pill opened',
    path: () => '/flows/seen-changed?node=post',
    landmark: (page) => page.getByRole('dialog', { name: 'Reshape', exact: true }),
    prepare: async (page) => {
      await openSettings(page);
      await page.getByRole('img', { name: 'Pill: Reshape' }).click();
    },
  },
  {
    name: 'outline of a flow',
    path: () => '/flows/seen-changed?view=outline',
    landmark: (page) => page.getByRole('treeitem', { name: /^Post to API, / }),
  },
  {
    name: 'command palette',
    path: () => '/flows/seen-changed',
    landmark: (page) => page.getByRole('dialog', { name: 'Commands' }).getByRole('option').first(),
    prepare: (page) => openByKey(page, 'Control+k'),
  },
  {
    name: 'find in a flow',
    path: () => '/flows/seen-changed',
    landmark: (page) => page.getByRole('option', { name: /Reshape · output › title/ }),
    prepare: async (page) => {
      if (await openByKey(page, 'Control+f')) await page.keyboard.type('trigger.body');
    },
  },
  {
    name: 'tests of a flow',
    path: () => '/flows/seen-changed',
    landmark: (page) =>
      page.getByRole('list', { name: 'Tests of this flow' }).getByRole('img', { name: 'Passed' }),
    prepare: async (page) => {
      if (!isWide(page)) return;
      await page.getByRole('button', { name: 'Tests', exact: true }).click();
      await page.getByRole('button', { name: 'Run all' }).click();
    },
  },
  {
    name: 'publishing a changed flow',
    path: () => '/flows/seen-changed',
    landmark: (page) =>
      page.getByRole('region', { name: 'Changes since version 2' }).getByRole('listitem').first(),
    prepare: async (page) => {
      if (isWide(page)) await page.getByRole('button', { name: 'Publish', exact: true }).click();
    },
  },
  {
    name: 'versions of a flow',
    path: () => '/flows/seen-changed',
    landmark: (page) => page.getByRole('list', { name: 'Versions' }).getByText('Version 1', { exact: true }),
    prepare: async (page) => {
      if (isWide(page)) await openVersions(page);
    },
  },
  {
    name: 'comparison of two versions',
    path: () => '/flows/seen-changed',
    landmark: (page) => page.getByRole('list', { name: 'What changed' }).getByRole('button').first(),
    prepare: async (page) => {
      if (!isWide(page)) return;
      await openVersions(page);
      await page.getByRole('button', { name: 'Compare the draft with version 2' }).click();
    },
  },
  {
    name: 'import of a flow, with its report',
    path: () => '/flows',
    landmark: (page) => page.getByRole('region', { name: 'Report of the import' }),
    prepare: async (page) => {
      if (!isWide(page)) return;
      await page.getByRole('button', { name: 'Import', exact: true }).click();
      await page.getByLabel('Flow document').fill(readFileSync(N8N_WORKFLOW, 'utf8'));
    },
  },
  {
    name: 'comparison of two runs',
    path: () => `/runs/${runs.now}/compare?with=${runs.before}`,
    landmark: (page) => page.getByRole('region', { name: 'Result of the comparison' }),
  },
  {
    name: 'runs',
    path: () => '/runs',
    landmark: (page) => page.getByRole('link', { name: 'seen by all' }).first(),
  },
  {
    name: 'run that succeeded',
    path: () => `/runs/${runs.succeeded}`,
    landmark: (page) => page.getByRole('group', { name: /^Post to API, .*succeeded/ }),
  },
  {
    name: 'run that failed',
    path: () => `/runs/${runs.failed}`,
    landmark: (page) => page.getByRole('heading', { name: 'There is nothing at that address' }),
  },
  {
    name: 'replay of a run',
    path: () => `/runs/${runs.failed}`,
    landmark: (page) => page.getByRole('region', { name: 'What will happen' }),
    prepare: async (page) => {
      if (!(await page.getByRole('dialog').isVisible()))
        await page.getByRole('button', { name: 'Replay…' }).click();
    },
  },
  {
    name: 'dead letters by cause',
    path: () => '/dead-letters',
    landmark: (page) => page.getByRole('link', { name: 'There is nothing at that address' }).first(),
  },
  {
    name: 'dead letters one by one, some chosen',
    path: () => '/dead-letters?show=list',
    landmark: (page) => page.getByRole('region', { name: 'Selection' }),
    prepare: async (page) => {
      await page
        .getByRole('checkbox', { name: /^Select run/ })
        .first()
        .check();
    },
  },
  {
    name: 'redrive of dead letters',
    path: () => '/dead-letters',
    landmark: (page) => page.getByRole('region', { name: 'What it takes' }),
    prepare: async (page) => {
      if (await page.getByRole('dialog').isVisible()) return;
      await page
        .getByRole('button', { name: /^Actions of/ })
        .first()
        .click();
      await page.getByRole('menuitem', { name: 'Redrive…' }).click();
    },
  },
  {
    name: 'bulk actions',
    path: () => '/bulk-actions',
    landmark: (page) => page.getByRole('link', { name: 'Replay of 1 run' }),
  },
  {
    name: 'bulk action',
    path: () => `/bulk-actions/${bulkAction.id}`,
    landmark: (page) => page.getByText('Every one was started again.'),
  },
  {
    name: 'dashboard',
    path: () => '/dashboard?range=1h',
    landmark: (page) => page.getByRole('group', { name: /^Runs by outcome/ }),
  },
  {
    name: 'ledger',
    path: () => '/ledger',
    landmark: (page) => page.getByRole('heading', { name: 'Everything adds up' }),
  },
  {
    name: 'run that asks, with the items of its loop',
    path: () => `/runs/${runs.asking}`,
    landmark: (page) => page.getByRole('button', { name: /#1/ }).first(),
    prepare: async (page) => {
      await page.getByRole('group', { name: /^Each line, / }).click({ position: LOOP_HEADER });
    },
  },
  {
    name: 'run that asks',
    path: () => `/runs/${runs.asking}`,
    landmark: (page) => page.getByRole('button', { name: 'Approve: Send order A-1?' }),
  },
  {
    name: 'approvals',
    path: () => '/approvals',
    landmark: (page) => page.getByRole('button', { name: 'Approve: Send order A-1?' }),
  },
  {
    name: 'approvals that were decided',
    path: () => '/approvals?show=decided',
    landmark: (page) => page.getByText('Not this one.'),
  },
  {
    name: 'drift',
    path: () => '/drift',
    landmark: (page) => page.getByRole('heading', { name: 'Everything looks as before' }),
  },
  {
    name: 'alerts',
    path: () => '/alerts',
    landmark: (page) => page.getByRole('link', { name: /dead letter/ }).first(),
  },
  {
    name: 'alerts that are over',
    path: () => '/alerts?show=resolved',
    landmark: (page) => page.getByText('No alert yet'),
  },
  {
    name: 'alert rules and channels',
    path: () => '/settings/alerts',
    landmark: (page) => page.getByRole('button', { name: 'Send a test to On call' }),
  },
  {
    name: 'new alert rule',
    path: () => '/settings/alerts',
    landmark: (page) => page.getByRole('dialog').getByRole('spinbutton', { name: 'From (percent)' }),
    prepare: (page) => openDialog(page, 'New rule'),
  },
  {
    name: 'new alert channel',
    path: () => '/settings/alerts',
    landmark: (page) => page.getByRole('dialog').getByLabel('Time zone'),
    prepare: async (page) => {
      await openDialog(page, 'New channel');
      await page.getByRole('switch', { name: 'Quiet hours' }).setChecked(true);
    },
  },
  {
    name: 'connections',
    path: () => '/connections',
    landmark: (page) => page.getByRole('row', { name: /Shop secret/ }),
  },
  {
    name: 'new connection',
    path: () => '/connections?new=bearer_token',
    landmark: (page) => page.getByRole('dialog').getByLabel('Slug'),
  },
  {
    name: 'new connection with many fields',
    path: () => '/connections?new=mtls',
    landmark: (page) => page.getByRole('dialog').getByLabel('Private key'),
  },
  {
    name: 'OAuth apps',
    path: () => '/connections/apps',
    landmark: (page) => page.getByRole('button', { name: 'Set up GitHub' }),
  },
  {
    name: 'OAuth app',
    path: () => '/connections/apps?app=github',
    landmark: (page) => page.getByRole('dialog').getByLabel('Client id'),
  },
  {
    name: 'events of apps',
    path: () => '/connections/events',
    landmark: (page) => page.getByText('Secret missing'),
  },
  {
    name: 'events of an app that a person enters the secret of',
    path: () => '/connections/events?app=slack',
    landmark: (page) => page.getByRole('dialog').getByRole('button', { name: 'Copy the address' }),
  },
  {
    name: 'events of an app that sends its token',
    path: () => '/connections/events?app=notion',
    landmark: (page) =>
      page
        .getByRole('dialog')
        .getByText(/has not sent its verification token/)
        .first(),
  },
  {
    name: 'events of an app without an OAuth app',
    path: () => '/connections/events?app=hubspot',
    landmark: (page) => page.getByRole('dialog').getByRole('link', { name: 'Register at HubSpot' }),
  },
  {
    name: 'trigger whose app does not send yet',
    path: () => '/flows/seen-asking-slack?node=event',
    landmark: (page) => page.getByRole('note'),
    prepare: openSettings,
  },
  { name: 'account', path: () => '/settings/account', landmark: (page) => page.getByText('This browser') },
  {
    name: 'API keys',
    path: () => '/settings/api-keys',
    landmark: (page) => page.getByRole('button', { name: /^Revoke / }).first(),
  },
  { name: 'audit log', path: () => '/settings/audit', landmark: (page) => page.getByRole('row').nth(1) },
  {
    name: 'audit log, checked',
    path: () => '/settings/audit?q=flow',
    landmark: (page) => page.getByText(/^Chain intact/),
    prepare: (page) => page.getByRole('button', { name: 'Check the chain' }).click(),
  },
  {
    name: 'retention',
    path: () => '/settings/retention',
    landmark: (page) => page.getByRole('button', { name: 'Save' }),
  },
  {
    name: 'system',
    path: () => '/settings/system',
    landmark: (page) => page.getByRole('table', { name: 'Tables by size' }),
  },
  {
    name: 'API reference',
    path: () => '/docs/api',
    landmark: (page) => page.getByRole('heading', { level: 1 }),
    // Hundreds of sections of a handful of components: the first of each kind are looked at.
    leaveOut: [
      'main > section:nth-of-type(n+3):not([aria-labelledby="schemas"])',
      '[aria-labelledby="schemas"] > section:nth-of-type(n+6)',
    ],
  },
  {
    name: 'no such page',
    path: () => '/nowhere',
    landmark: (page) => page.getByRole('heading', { level: 1 }),
  },
  {
    name: 'no such run',
    path: () => '/runs/0197c0de-0000-7000-8000-000000000000',
    landmark: (page) => page.getByRole('heading', { name: 'There is no such run' }),
  },
];

const WINDOWS = [
  { name: 'wide', size: { width: 1440, height: 900 } },
  { name: 'narrow', size: { width: 390, height: 844 } },
] as const;

const N8N_WORKFLOW = join(import.meta.dirname, '../core/import/fixtures/n8n/nightly-report.json');

test.beforeAll(async () => {
  site.sink.reply('/gone', { status: 404 });
  runs.succeeded = await runOnce('seen-by-all', '/orders');
  runs.failed = await runOnce('seen-failing', '/gone');
  runs.now = await runOnce('seen-changed', '/gone');
  runs.before = await runOnce('seen-changed', '/orders');
  await site.call('PUT /flows/seen-changed', callingFlow('seen-changed', `${site.sink.url}/elsewhere`));
  await site.call('POST /flows/seen-changed/tests', { name: 'Orders are sent', runId: runs.before });
  runs.asking = await ask('A-1');
  await ask('A-2');
  const [latest] = (await site.call('GET /approvals')).data;
  await site.call(`POST /approvals/${latest.id}/decide`, { decision: 'rejected', comment: 'Not this one.' });
  const connection = {
    slug: 'shop',
    name: 'Shop secret',
    connector: 'signing_secret',
    fields: { secret: 'x' },
  };
  await site.call('POST /connections', connection);
  const filter = { flow: 'seen-by-all', runIds: [runs.succeeded] };
  for (const app of ['slack', 'notion', 'hubspot']) await site.call(`PUT /app-hooks/${app}`, {});
  await site.call('PUT /flows/seen-asking-slack', {
    format: 1,
    name: 'Questions',
    slug: 'seen-asking-slack',
    nodes: [{ id: 'event', type: 'slack.message_posted', version: 1, label: 'Message' }],
    edges: [],
  });
  const channel = { kind: 'email', name: 'On call', recipients: ['ada@example.com', 'grace@example.com'] };
  const { id: onCall } = await site.call('POST /alert-channels', {
    ...channel,
    quietHours: { timezone: 'Europe/Berlin', from: '22:00', to: '07:00' },
  });
  for (const kind of ['worker_gone', 'error_rate', 'dead_letters'])
    await site.call('POST /alert-rules', { kind, channels: [onCall], isUrgent: kind === 'worker_gone' });
  bulkAction.id = (await site.call('POST /bulk-actions', { kind: 'replay', filter })).id;
});

for (const seen of PAGES) {
  test(seen.name, async ({ page, visits }) => {
    visits.expectMessages(/status of 404/);
    await look(page, seen, async () => {
      if (seen.isPublic) await page.goto(site.url(seen.path()));
      else await openAsOwner(page, site, seen.path());
    });
  });
}

test('set-up, on an empty database', async ({ page }) => {
  const nobody = { PATCHBAY_OWNER_EMAIL: undefined, PATCHBAY_OWNER_PASSWORD: undefined };
  const product = await startProduct({ env: { ...nobody, PATCHBAY_OWNER_API_KEY: undefined } });
  try {
    const landmark = () => page.getByRole('button', { name: 'Create the workspace' });
    await look(page, { landmark }, async () => {
      await page.goto(product.url);
      await expect(page).toHaveURL(`${product.url}/set-up`);
    });
  } finally {
    await product.stop();
  }
});

/** The panel becomes a drawer a moment after the window gets narrow. */
async function openSettings(page: Page): Promise<void> {
  await expect(page.getByRole('group', { name: /, / }).first()).toBeVisible();
  const name = page.getByLabel('Name of the node');
  await expect(async () => {
    if (!(await name.isVisible()))
      await page.getByRole('button', { name: 'Settings panel' }).click({ timeout: 3_000 });
    await expect(name).toBeVisible({ timeout: 3_000 });
    await page.waitForTimeout(300);
    await expect(name).toBeVisible({ timeout: 100 });
  }).toPass();
}

const isWide = (page: Page): boolean => (page.viewportSize()?.width ?? 0) > 1_000;

/** Where it is not open yet; true when it was opened. */
async function openByKey(page: Page, key: string): Promise<boolean> {
  if (!isWide(page)) return false;
  await expect(page.getByRole('group', { name: /^Post to API, / })).toBeVisible();
  await page.keyboard.press(key);
  await expect(page.getByRole('combobox')).toBeFocused();
  return true;
}

/** By the button that stays there while it is open. */
async function openDialog(page: Page, button: string): Promise<void> {
  if (!(await page.getByRole('dialog').isVisible())) await page.getByRole('button', { name: button }).click();
}

async function openVersions(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Versions' }).click();
}

/** Opens a page once and looks at it in light and dark, wide and narrow. */
async function look(
  page: Page,
  { landmark, prepare, leaveOut = [] }: Pick<PageToSee, 'landmark' | 'prepare' | 'leaveOut'>,
  open: () => Promise<void>,
): Promise<void> {
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await page.setViewportSize(WINDOWS[0].size);
  await open();
  await drawAll(page);
  for (const { name, size } of WINDOWS) {
    await page.setViewportSize(size);
    await prepare?.(page);
    await expect(landmark(page)).toBeVisible();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await expect(page.locator('html')).toHaveClass(new RegExp(`\\b${colorScheme}\\b`));
      const found = await seriousViolations(page, { colorScheme, leaveOut });
      expect(found, `${name}, ${colorScheme}`).toEqual([]);
    }
    expect(await strayScroll(page), `${name}: pixels that the window scrolls`).toEqual({
      sideways: 0,
      down: 0,
    });
  }
}

/** What is scrolled away is else drawn in the colours of before, which are taken for those of now. */
async function drawAll(page: Page): Promise<void> {
  await page.evaluate(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync('* { content-visibility: visible !important }');
    document.adoptedStyleSheets.push(sheet);
  });
}

/** No page is wider than the window; where a page has a scrolling area of its own, the window scrolls in no direction. */
async function strayScroll(page: Page): Promise<{ readonly sideways: number; readonly down: number }> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth, scrollHeight, clientHeight } = document.documentElement;
    const sideways = Math.max(
      scrollWidth - clientWidth,
      document.body.scrollWidth - document.body.clientWidth,
    );
    const hasOwnArea = document.querySelector('main#content') !== null;
    return { sideways, down: hasOwnArea ? scrollHeight - clientHeight : 0 };
  });
}

/** All that a theme can change; everything else is looked at in light alone. */
const COLOUR_RULES = ['color-contrast', 'link-in-text-block'];

/** Each as one line: what, how bad, where. */
async function seriousViolations(
  page: Page,
  { colorScheme, leaveOut }: { colorScheme: 'light' | 'dark'; leaveOut: readonly string[] },
): Promise<readonly string[]> {
  // In legacy mode no second page is opened for the sum; it would be needed for frames alone.
  const axe = new AxeBuilder({ page }).setLegacyMode();
  for (const part of leaveOut) axe.exclude(part);
  axe.options({
    resultTypes: ['violations'],
    ...(colorScheme === 'dark' && { runOnly: { type: 'rule', values: COLOUR_RULES } }),
  });
  const { violations } = await axe.analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, help, nodes }) =>
      nodes.map((node) => `${id}: ${help} — ${node.html.slice(0, 160)} ${node.any[0]?.message ?? ''}`),
    );
}

/** Publishes a flow, sends it one event and returns the run once it has ended. */
async function runOnce(slug: string, path: string): Promise<string> {
  await site.call(`PUT /flows/${slug}`, callingFlow(slug, site.sink.url + path));
  const { hookUrl } = (await site.call(`POST /flows/${slug}/publish`, {})) as { hookUrl: string };
  const headers = { 'content-type': 'application/json' };
  const runId = await postEvent(hookUrl, { headers, body: JSON.stringify({ number: 'A-1' }) });
  await expect
    .poll(async () => ((await site.call(`GET /runs/${runId}`)) as { status: string }).status)
    .toMatch(/succeeded|failed/);
  return runId;
}

/** Starts a run that waits for a decision, and returns it once it asks. */
async function ask(number: string): Promise<string> {
  await site.call('PUT /flows/asking', askingFlow('asking'));
  const { hookUrl } = (await site.call('POST /flows/asking/publish', {})) as { hookUrl: string };
  const body = JSON.stringify({ number, lines: [{ price: 5 }, { price: 0 }] });
  const runId = await postEvent(hookUrl, { headers: { 'content-type': 'application/json' }, body });
  await expect.poll(async () => (await site.call(`GET /approvals?run=${runId}`)).data.length).toBe(1);
  return runId;
}
