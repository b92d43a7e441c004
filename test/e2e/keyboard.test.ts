import type { Locator, Page } from '@playwright/test';

import { editorOf, type Editor } from './support/editor.ts';
import { expect, test } from './support/e2e-test.ts';
import { postEvent } from './support/events.ts';
import { useSite } from './support/use-site.ts';

const site = useSite();

/** The most presses of Tab or F6 that a way may take. */
const LONGEST_WAY = 60;

test('a flow is drawn, filled in, published and run by keyboard alone', async ({ page }) => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await signInByKeyboard(page);
  const editor = await createFlow(page);
  await drawFlow(page, editor);
  await fillIn(page, editor);
  const hookUrl = await publish(page, editor);

  const body = JSON.stringify({ number: 'A-1042', total: 250 });
  const runId = await postEvent(hookUrl, { headers: { 'content-type': 'application/json' }, body });
  const arrived = await site.sink.waitFor('/large', 1);
  expect(arrived.map((request) => request.json())).toEqual([{ title: 'Order A-1042' }]);
  await page.goto(site.url(`/runs/${runId}`));
  await expect(page.locator('header').getByText('Succeeded')).toBeVisible();
  expect(site.sink.requests).toHaveLength(1);
});

async function signInByKeyboard(page: Page): Promise<void> {
  await page.goto(site.url('/sign-in'));
  await expect(page.getByLabel('E-mail')).toBeFocused();
  await page.keyboard.type(site.product.ownerEmail);
  await page.keyboard.press('Tab');
  await page.keyboard.type(site.product.ownerPassword);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Home', exact: true })).toBeVisible();
  await tabTo(page, page.getByRole('link', { name: 'Flows', exact: true }));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'No flows yet' })).toBeVisible();
}

async function createFlow(page: Page): Promise<Editor> {
  await page.keyboard.press('c');
  await expect(page.getByRole('dialog', { name: 'New flow' }).getByLabel('Name')).toBeFocused();
  await page.keyboard.type('By keyboard');
  await page.keyboard.press('Enter');
  const editor = editorOf(page);
  await expect(editor.canvas).toBeFocused();
  return editor;
}

async function drawFlow(page: Page, editor: Editor): Promise<void> {
  await add(page, editor, { search: 'webhook', makes: 'Webhook' });
  await add(page, editor, { search: 'map', makes: 'Map' });
  await add(page, editor, { search: 'if', makes: 'If' });
  await add(page, editor, { port: 'true', search: 'http', makes: 'HTTP request' });
  await rename(page, editor, { from: 'HTTP request', to: 'Large order' });
  await page.keyboard.press('ArrowLeft');
  await expect(editor.node('If')).toBeFocused();
  await add(page, editor, { port: 'false', search: 'http', makes: 'HTTP request 2' });
  await rename(page, editor, { from: 'HTTP request 2', to: 'Small order' });
  await expect(editor.edges).toHaveCount(4);
}

/** Tab on a node adds one after it; a node with several ports asks which. */
async function add(
  page: Page,
  editor: Editor,
  { port, search, makes }: { port?: string; search: string; makes: string },
): Promise<void> {
  await page.keyboard.press('Tab');
  if (port !== undefined) {
    await expect(page.getByRole('dialog', { name: /from which port/ })).toBeVisible();
    await page.keyboard.type(port);
    await page.keyboard.press('Enter');
  }
  await expect(page.getByRole('combobox', { name: /^Add / })).toBeFocused();
  await page.keyboard.type(search);
  await page.keyboard.press('Enter');
  await expect(editor.node(makes)).toBeFocused();
}

async function rename(page: Page, editor: Editor, { from, to }: { from: string; to: string }): Promise<void> {
  await expect(editor.node(from)).toBeFocused();
  await page.keyboard.press('F2');
  await expect(editor.inspector.getByLabel('Name of the node')).toBeFocused();
  await page.keyboard.type(to);
  await backToCanvas(page, editor.node(to));
}

async function fillIn(page: Page, editor: Editor): Promise<void> {
  await fillInCall(page, editor, '/small');
  await page.keyboard.press('ArrowLeft');
  await expect(editor.node('If')).toBeFocused();
  await openSettings(page, editor.field('Condition'));
  await page.keyboard.type('trigger.body.total > 100');
  await backToCanvas(page, editor.node('If'));

  await page.keyboard.press('ArrowRight');
  await expect(editor.node('Large order')).toBeFocused();
  await fillInCall(page, editor, '/large');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await expect(editor.node('Map')).toBeFocused();
  await enterSettings(page, editor);
  await tabTo(page, editor.inspector.getByRole('button', { name: 'Add field' }));
  await page.keyboard.press('Enter');
  await expect(editor.field('Output: name of the field')).toBeFocused();
  await page.keyboard.type('title');
  await tabTo(page, editor.field('Output: title'));
  await page.keyboard.type('Order {{ trigger.body.number }}');
  await editor.waitUntilSaved();
}

/** Until the focus has moved, Tab is the canvas's and adds a node. */
async function enterSettings(page: Page, editor: Editor): Promise<void> {
  await page.keyboard.press('Enter');
  await expect(editor.inspector.locator(':focus')).toHaveCount(1);
}

async function fillInCall(page: Page, editor: Editor, path: string): Promise<void> {
  await enterSettings(page, editor);
  await tabTo(page, editor.inspector.getByRole('combobox', { name: 'Method' }));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('option', { name: 'POST' })).toBeVisible();
  await page.keyboard.type('PO');
  await page.keyboard.press('Enter');
  await expect(editor.inspector.getByRole('combobox', { name: 'Method' })).toHaveText('POST');
  // The list gives the focus back as it closes.
  await expect(editor.inspector.getByRole('combobox', { name: 'Method' })).toBeFocused();
  await tabTo(page, editor.field('URL'));
  await page.keyboard.type(site.sink.url + path);
  await tabTo(page, editor.field('Body'));
  await page.keyboard.type('=steps.map');
  await expect(editor.field('Body')).toBeFocused();
  await backToCanvas(page);
}

async function openSettings(page: Page, first: Locator): Promise<void> {
  await page.keyboard.press('Enter');
  await expect(first).toBeFocused();
}

async function publish(page: Page, editor: Editor): Promise<string> {
  await pressUntil(page, 'F6', page.getByRole('main').locator('header').locator(':focus'));
  await tabTo(page, page.getByRole('button', { name: 'Publish', exact: true }));
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Publish' });
  await expect(dialog).toBeVisible();
  await tabTo(page, dialog.getByRole('button', { name: 'Publish', exact: true }));
  await page.keyboard.press('Enter');
  const done = page.getByRole('dialog', { name: 'Version 1 is published' });
  await expect(done).toBeVisible();
  await tabTo(page, done.getByRole('button', { name: 'Copy URL' }));
  await page.keyboard.press('Enter');
  await expect(done.getByRole('button', { name: 'Copied' })).toBeVisible();
  const hookUrl = await page.evaluate(() => navigator.clipboard.readText());
  await page.keyboard.press('Escape');
  await expect(editor.canvas).toBeVisible();
  return hookUrl;
}

async function backToCanvas(page: Page, node?: Locator): Promise<void> {
  await pressUntil(page, 'F6', page.getByRole('region', { name: /^Flow canvas/ }).locator(':focus'));
  if (node) await expect(node).toBeFocused();
}

/** Presses Tab until the element has focus. */
async function tabTo(page: Page, element: Locator): Promise<void> {
  await pressUntil(page, 'Tab', element.and(page.locator(':focus')));
}

async function pressUntil(page: Page, key: string, reached: Locator): Promise<void> {
  for (let presses = 0; presses < LONGEST_WAY; presses += 1) {
    if ((await reached.count()) > 0) return;
    await page.keyboard.press(key);
  }
  await expect(reached, `reached with ${LONGEST_WAY} presses of ${key}`).toHaveCount(1);
}
