import { AxeBuilder } from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';

import type { FlowDocument } from '#core/flow-document.ts';
import type { Json } from '#core/json.ts';

import { DRAG_STEPS, editorOf, retype, type Editor } from './support/editor.ts';
import { expect, test } from './support/e2e-test.ts';
import { callingFlow } from './support/flows.ts';
import { openAsOwner } from './support/sign-in.ts';
import { useSite } from './support/use-site.ts';

const site = useSite();

const ORDER = {
  number: 'A-1042',
  total: 250,
  lines: [
    { sku: 'lamp', 'unit price': 20 },
    { sku: 'desk', 'unit price': 210 },
  ],
};

test('data is dragged and clicked into settings, mixed with words, mapped over a list, and arrives', async ({
  page,
}) => {
  const editor = await openFlow(page, 'by-mouse');
  await editor.open('Reshape');
  await addField(page, editor, 'total');
  const total = editor.field('Output: total');
  await dataOf(editor, 'trigger.body.total').dragTo(total, { steps: DRAG_STEPS });
  await expect(pillsIn(total)).toHaveAccessibleName('Pill: New order › body › total, for example 250');

  await addField(page, editor, 'title');
  const title = editor.field('Output: title');
  await title.pressSequentially('Order ');
  await editor.inspector.getByLabel('Search the data').fill('a-10');
  await dataOf(editor, 'trigger.body.number').click();
  await title.pressSequentially('!');
  await expect(pillsIn(title)).toHaveCount(1);
  await test.step('source and back', async () => {
    const tools = title.locator('xpath=ancestor::*[contains(@class, "code-field")]');
    await tools.getByRole('button', { name: 'Show the source' }).click();
    await expect(title).toHaveText('Order {{ trigger.body.number }}!');
    await tools.getByRole('button', { name: 'Show pills' }).click();
    await expect(pillsIn(title)).toHaveCount(1);
  });

  await addField(page, editor, 'lines');
  const lines = editor.field('Output: lines');
  await lines.click();
  await editor.inspector.getByLabel('Search the data').fill('lines');
  await dataOf(editor, 'trigger.body.lines').click();
  await pillsIn(lines).click();
  await page.getByRole('button', { name: 'Map over this list' }).click();
  const mapping = editor.inspector.getByRole('group', { name: 'Output: lines: for each item' });
  await expect(mapping.getByRole('textbox', { name: 'Output: lines: each sku' })).toBeVisible();
  await retype(mapping.getByRole('textbox', { name: 'Output: lines: each unit price' }), '`unit price` * 2');
  await mapping.getByRole('textbox', { name: 'name of the item’s field' }).nth(1).fill('double');
  await mapping.getByRole('button', { name: 'Add field' }).click();
  await page.keyboard.type('order');
  await mapping.getByRole('textbox', { name: 'Output: lines: each order' }).click();
  await editor.inspector.getByLabel('Search the data').fill('number');
  await dataOf(editor, 'trigger.body.number').click();

  await editor.waitUntilSaved();
  expect(outputOf(await stored('by-mouse'))).toEqual({
    total: { $expr: 'trigger.body.total' },
    title: { $tpl: 'Order {{ trigger.body.number }}!' },
    lines: {
      $expr: '[trigger.body.lines.{ "sku": sku, "double": `unit price` * 2, "order": $trigger.body.number }]',
    },
  });
  await page.reload();
  await editor.open('Reshape');
  await expect(pillsIn(editor.field('Output: title'))).toHaveCount(1);
  await expect(mapping.getByRole('textbox', { name: 'Output: lines: each double' })).toBeVisible();

  await run('by-mouse', ORDER);
  const [arrived] = await site.sink.waitFor('/by-mouse', 1);
  expect(arrived?.json()).toEqual({
    total: 250,
    title: 'Order A-1042!',
    lines: [
      { sku: 'lamp', double: 40, order: 'A-1042' },
      { sku: 'desk', double: 420, order: 'A-1042' },
    ],
  });
});

test('by keyboard alone, a pill is chosen, passed, opened, replaced and removed as one', async ({ page }) => {
  const editor = await openFlow(page, 'by-keys');
  await editor.open('Reshape');
  await addField(page, editor, 'title');
  const title = editor.field('Output: title');
  await title.focus();
  await page.keyboard.type('For ');
  await pick(page, 'number');
  await page.keyboard.type(' and ');
  await pick(page, 'total');
  await expect(pillsIn(title)).toHaveCount(2);
  await editor.waitUntilSaved();
  expect(outputOf(await stored('by-keys'))).toEqual({
    title: { $tpl: 'For {{ trigger.body.number }} and {{ trigger.body.total }}' },
  });

  await page.keyboard.press('ArrowLeft');
  await page.keyboard.type('€');
  await page.keyboard.press('Enter');
  const popup = page.getByRole('dialog', { name: 'New order › body › total' });
  await expect(popup.getByRole('button', { name: 'Replace' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(title).toBeFocused();
  await page.keyboard.press('End');
  await page.keyboard.press('Backspace');
  await expect(pillsIn(title)).toHaveCount(1);
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Control+x');
  await page.keyboard.press('Control+v');
  await expect(pillsIn(title)).toHaveCount(1);
  await editor.waitUntilSaved();
  expect(outputOf(await stored('by-keys'))).toEqual({
    title: { $tpl: 'For {{ trigger.body.number }} and €' },
  });
});

test('a pill without data is red and says since when; settings of other kinds take a pill, too', async ({
  page,
}) => {
  const title = 'No. {{ trigger.body.nummer }}';
  await putFlow('gone', { title: { $tpl: title } });
  await run('gone', { ...ORDER, nummer: 'N-1' });
  await run('gone', ORDER);
  const editor = await openFlow(page, 'gone', { title: { $tpl: `${title}{{ steps.nobody.x }}` } });
  await editor.open('Reshape');
  const pills = pillsIn(editor.field('Output: title'));
  await expect(pills.first()).toHaveAccessibleName(/“body › nummer” is not in the newest data/);
  await expect(pills.last()).toHaveAccessibleName(/There is no step “nobody”/);
  await pills.first().click();
  const popup = page.getByRole('dialog', { name: 'New order › body › nummer' });
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    const { violations } = await new AxeBuilder({ page })
      .include('[data-region=inspector]')
      .setLegacyMode()
      .analyze();
    expect(
      violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]),
      colorScheme,
    ).toEqual([]);
  }
  await expect(popup.getByText(/Not in the data since the run of .+; the one of .+ had it/)).toBeVisible();
  await page.keyboard.press('Escape');
  await test.step('with the data of a past run', async () => {
    await editor.inspector.getByRole('combobox', { name: 'Examples from' }).click();
    await page
      .getByRole('option', { name: /^the run of / })
      .last()
      .click();
    await expect(pills.first()).toHaveAccessibleName('Pill: New order › body › nummer, for example N-1');
  });

  await editor.open('Post to API');
  await dataOf(editor, 'steps.map').dragTo(editor.setting('Method').getByRole('combobox'), {
    steps: DRAG_STEPS,
  });
  await expect(pillsIn(editor.setting('Method'))).toHaveAccessibleName(/^Pill: Reshape/);
  await editor.waitUntilSaved();
  const node = (await stored('gone')).nodes.find(({ id }) => id === 'post');
  expect(node?.config.method).toEqual({ $expr: 'steps.map' });
});

test('what opened from a pill stays beside it when newer data come in', async ({ page }) => {
  const output = { title: { $expr: 'trigger.body.number' } };
  await putFlow('newer', output);
  await run('newer', { ...ORDER, number: 'B-7' });
  const held = Promise.withResolvers<undefined>();
  await page.route(/\/api\/v1\/runs\?/, async (route) => {
    await held.promise;
    await route.continue();
  });
  const editor = await openFlow(page, 'newer', output);
  await editor.open('Reshape');
  const pill = pillsIn(editor.field('Output: title'));
  await expect(pill).toHaveAccessibleName(/A-1042/);
  await pill.click();
  const popup = page.getByRole('dialog', { name: 'New order › body › number' });
  await expect(popup).toBeVisible();
  held.resolve(undefined);
  await expect(popup.getByText('For example B-7')).toBeVisible();
  await expect(pill).toHaveAccessibleName(/B-7/);
  const [at, around] = [await pill.boundingBox(), await popup.boundingBox()];
  expect(Math.abs((around?.y ?? 0) - (at?.y ?? 0))).toBeLessThan(80);
  expect(Math.abs((around?.x ?? 0) - (at?.x ?? 0))).toBeLessThan(400);
});

/** Webhook → Map → call, with an order pinned to take examples from. */
async function putFlow(slug: string, output: Record<string, Json>): Promise<void> {
  const flow = callingFlow(slug, `${site.sink.url}/${slug}`);
  const nodes = flow.nodes.map((node) => (node.id === 'map' ? { ...node, config: { output } } : node));
  await site.call(`PUT /flows/${slug}`, { ...flow, nodes, pins: { hook: { body: ORDER } } });
}

async function openFlow(page: Page, slug: string, output: Record<string, Json> = {}): Promise<Editor> {
  await putFlow(slug, output);
  await openAsOwner(page, site, `/flows/${slug}`);
  const editor = editorOf(page);
  await expect(editor.nodes).toHaveCount(3);
  return editor;
}

async function run(slug: string, body: Json): Promise<void> {
  await site.call(`POST /flows/${slug}/runs`, { input: { body }, version: 'draft', wait: 20 });
}

async function addField(page: Page, editor: Editor, name: string): Promise<void> {
  await editor.setting('Output').getByRole('button', { name: 'Add field' }).last().click();
  await page.keyboard.type(name);
}

/** Opens the list of data at the cursor, searches and takes the first. */
async function pick(page: Page, search: string): Promise<void> {
  await page.keyboard.press('Control+Space');
  await expect(page.getByRole('combobox', { name: 'Search the data of earlier steps' })).toBeFocused();
  await page.keyboard.type(search);
  await page.keyboard.press('Enter');
}

function dataOf(editor: Editor, path: string): Locator {
  return editor.inspector.getByRole('button', { name: `Insert ${path}`, exact: true });
}

function pillsIn(field: Locator): Locator {
  return field.getByRole('img', { name: /^Pill: / });
}

async function stored(slug: string): Promise<FlowDocument> {
  return (await site.call(`GET /flows/${slug}`)) as FlowDocument;
}

function outputOf(flow: FlowDocument): Json | undefined {
  return flow.nodes.find(({ id }) => id === 'map')?.config.output;
}
