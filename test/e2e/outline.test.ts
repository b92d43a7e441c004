import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';

import type { FlowDocument } from '#core/flow-document.ts';

import { expect, test } from './support/e2e-test.ts';
import { postEvent } from './support/events.ts';
import { callingFlow } from './support/flows.ts';
import { openAsOwner } from './support/sign-in.ts';
import { useSite } from './support/use-site.ts';

const site = useSite();

test('a flow is built, wired, moved and published in the outline, by keyboard alone', async ({ page }) => {
  await site.call('PUT /flows/outlined', { ...callingFlow('outlined', site.sink.url), nodes: [], edges: [] });
  await openAsOwner(page, site, '/flows/outlined?view=outline');
  const outline = page.getByRole('region', { name: /^Outline of the flow/ });
  await expect(outline).toBeFocused();
  const row = (name: string | RegExp) => outline.getByRole('treeitem', { name });

  await add(page, 'webhook');
  await expect(row(/^Webhook, core\.webhook/)).toBeFocused();
  await add(page, 'map');
  await expect(row(/^Map, /)).toBeFocused();
  await add(page, 'if');
  await expect(row(/^If, /)).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await expect(row('true, nothing yet')).toBeFocused();
  await add(page, 'http');
  await expect(row(/^HTTP request, /)).toBeFocused();

  // The other branch goes to the same place: the step stands after both, and each branch says so.
  await page.keyboard.press('ArrowDown');
  await expect(row('false, nothing yet')).toBeFocused();
  await page.keyboard.press('c');
  await page.keyboard.type('http');
  await page.keyboard.press('Enter');
  await expect(row(/^HTTP request, http\.request, 2 ways lead here/)).toBeFocused();
  await expect(page.getByTestId('announcement')).toHaveText('If connected to HTTP request');
  await expect(outline.getByRole('tree')).toMatchAriaSnapshot(`
    - tree "Outline of outlined":
      - treeitem /Webhook, core.webhook/ [level=1]
      - treeitem /Map, core.map/ [level=1]
      - treeitem /If, core.if/ [expanded] [level=1]
      - treeitem "true" [expanded] [level=2]
      - treeitem "Continues at HTTP request" [level=3]
      - treeitem "false" [expanded] [level=2]
      - treeitem "Continues at HTTP request" [level=3]
      - treeitem /HTTP request, http.request, 2 ways lead here/ [selected] [level=1]
  `);

  // Remove the condition from the reference on, undo it, and take the whole condition out instead.
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('d');
  await expect(page.getByTestId('announcement')).toHaveText('Edge from If, false, to HTTP request removed');
  await expect(row(/^HTTP request, http\.request(?!, 2 ways)/)).toBeVisible();
  await page.keyboard.press('Control+z');
  await expect(row(/2 ways lead here/)).toBeVisible();
  await goTo(page, row(/^If, /), 'ArrowUp');
  await page.keyboard.press('Delete');
  await expect(row(/^If, /)).toHaveCount(0);
  // What led to it leads on, now, to where both of its branches led.
  await expect(row(/^Map, /)).toBeFocused();
  await goTo(page, row(/^HTTP request, http\.request(?!, 2 ways)/), 'ArrowDown');

  await add(page, 'filter');
  await expect(row(/^Filter, /)).toBeFocused();
  await page.keyboard.press('Alt+ArrowUp');
  await expect(page.getByTestId('announcement')).toHaveText('Filter moved one step earlier');
  await expect(row(/^Filter, /)).toBeFocused();
  await page.keyboard.press('Shift+F10');
  await page.getByRole('menuitem', { name: /^Remove/ }).press('Enter');
  await expect(row(/^Filter, /)).toHaveCount(0);
  await expect(outline.locator('[role=treeitem]:focus')).toHaveCount(1);

  await fillIn(page);
  await publishAndRun(page);
});

/** Adds what the search finds first, after the row that has the focus. */
async function add(page: Page, search: string): Promise<void> {
  await page.keyboard.press('a');
  await expect(page.getByRole('combobox', { name: /^(Add|Insert) / })).toBeFocused();
  await page.keyboard.type(search);
  await page.keyboard.press('Enter');
}

async function goTo(page: Page, row: ReturnType<Page['locator']>, key: string): Promise<void> {
  await expect(async () => {
    if ((await row.and(page.locator(':focus')).count()) === 0) await page.keyboard.press(key);
    await expect(row).toBeFocused({ timeout: 300 });
  }).toPass();
}

async function fillIn(page: Page): Promise<void> {
  const inspector = page.getByRole('complementary', { name: 'Settings' });
  const outline = page.getByRole('region', { name: /^Outline of the flow/ });
  await goTo(page, outline.getByRole('treeitem', { name: /^HTTP request, / }), 'ArrowDown');
  await page.keyboard.press('Enter');
  await expect(inspector.locator(':focus')).toHaveCount(1);
  await inspector.getByRole('textbox', { name: 'URL', exact: true }).focus();
  await page.keyboard.type(`${site.sink.url}/outlined`);
  await page.keyboard.press('F6');
  await expect(page.getByRole('main').getByText('Saved', { exact: true })).toBeVisible();
}

async function publishAndRun(page: Page): Promise<void> {
  const outline = page.getByRole('region', { name: /^Outline of the flow/ });
  await expect(async () => {
    await page.keyboard.press('F6');
    await expect(outline.locator(':focus')).toHaveCount(1, { timeout: 300 });
  }).toPass();
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
  const stored = (await site.call('GET /flows/outlined')) as FlowDocument;
  expect(stored.edges).toEqual([
    { from: 'webhook', to: 'map' },
    { from: 'map', to: 'http' },
  ]);
  await page.keyboard.press('Shift+P');
  const dialog = page.getByRole('dialog', { name: 'Publish' });
  await dialog.getByRole('button', { name: 'Publish', exact: true }).press('Enter');
  const done = page.getByRole('dialog', { name: 'Version 1 is published' });
  const hookUrl = await done.getByTestId('hook-url').innerText();
  await postEvent(hookUrl, { headers: { 'content-type': 'application/json' }, body: '{"number":1}' });
  await site.sink.waitFor('/outlined', 1);
}
