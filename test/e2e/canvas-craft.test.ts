import type { Page } from '@playwright/test';

import type { FlowDocument } from '#core/flow-document.ts';

import { editorOf, type Editor } from './support/editor.ts';
import { expect, test } from './support/e2e-test.ts';
import { askingFlow, callingFlow, LOOP_HEADER } from './support/flows.ts';
import { openAsOwner } from './support/sign-in.ts';
import { useSite } from './support/use-site.ts';

const site = useSite();

test('the palette finds flows, nodes and actions, Ctrl+F what stands in a flow, F8 its faults', async ({
  page,
}) => {
  await site.call('PUT /flows/palette-one', callingFlow('palette-one', site.sink.url));
  await site.call('PUT /flows/palette-two', callingFlow('palette-two', ''));
  await openAsOwner(page, site, '/');
  await expect(page.getByRole('heading', { name: 'Home', exact: true })).toBeVisible();

  await inPalette(page, 'palette two', /^palette two/);
  const editor = editorOf(page);
  await expect(editor.node('Reshape')).toBeVisible();
  await inPalette(page, 'reshape', /^Reshape/);
  await expect(editor.node('Reshape')).toBeFocused();

  await page.keyboard.press('Control+f');
  await page.keyboard.type('trigger.body.number');
  const hit = page.getByRole('option', {
    name: /Order \{\{ trigger\.body\.number \}\}.*Reshape · output › title/,
  });
  await expect(hit).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(editor.field('Output: title')).toBeFocused();

  await page.keyboard.press('F8');
  await expect(editor.field('URL')).toBeFocused();
  await expect(page.getByTestId('announcement')).toHaveText('"url" is required. Fill it in.');

  await inPalette(page, 'outline', /^Show the outline/);
  await expect(page.getByRole('tree', { name: 'Outline of palette two' })).toBeVisible();
  await expect(page).toHaveURL(/view=outline/);
  await page.reload();
  await page.getByRole('treeitem', { name: /^Post to API/ }).focus();
  await page.keyboard.press('o');
  await expect(editor.node('Post to API')).toBeFocused();

  await inPalette(page, 'dark', /^Dark theme/);
  await expect(page.locator('html')).toHaveClass(/dark/);
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('option').first()).toHaveAccessibleName(/^Dark theme/);
});

test('nodes are replaced, lined up, tidied in part and folded', async ({ page }) => {
  const editor = await openFlow(page, callingFlow('crafted', site.sink.url));
  await editor.node('Reshape').click();
  await page.keyboard.press('Shift+R');
  await page.keyboard.type('code');
  await page.keyboard.press('Enter');
  await expect(editor.canvas.getByRole('group', { name: 'Reshape, core.code' })).toBeVisible();
  await expect(editor.edges).toHaveCount(2);

  await page.keyboard.press('Shift+ArrowDown');
  await editor.node('Post to API').click({ modifiers: ['Shift'] });
  const bar = page.getByRole('toolbar', { name: '2 nodes selected' });
  await bar.getByRole('button', { name: 'Align top' }).click();
  await editor.waitUntilSaved();
  expect((await stored('crafted')).nodes.map(({ position }) => position?.y)).toEqual([0, 0, 0]);
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Shift+Alt+KeyT');
  await editor.waitUntilSaved();
  const { nodes } = await stored('crafted');
  expect(nodes.map(({ id, type }) => `${id} ${type}`)).toEqual([
    'hook core.webhook',
    'post http.request',
    'map core.code',
  ]);
  expect(nodes[0]?.position).toEqual({ x: 0, y: 0 });

  const loops = await openFlow(page, askingFlow('folded'));
  await loops.node('Each line').click({ position: LOOP_HEADER });
  await page.keyboard.press('f');
  await expect(loops.node('Each line')).toHaveAccessibleName(/1 node inside, folded/);
  await expect(loops.node('Price')).toHaveCount(0);
  await inPalette(page, 'price', /^Price/);
  await expect(loops.node('Price')).toBeFocused();
});

test('a template comes into an open flow, without its trigger, as one step of undo', async ({ page }) => {
  const editor = await openFlow(page, callingFlow('with-template', site.sink.url));
  await inPalette(page, 'insert template', /^Insert a template/);
  await expect(page.getByRole('combobox', { name: 'Templates' })).toBeFocused();
  await page.keyboard.type('switch');
  await page.keyboard.press('Enter');
  await expect.poll(() => editor.nodes.count()).toBeGreaterThan(4);
  await expect.poll(() => editor.overlappingNodes()).toEqual([]);
  await editor.waitUntilSaved();
  const { nodes } = await stored('with-template');
  expect(nodes.filter(({ type }) => type === 'core.webhook')).toHaveLength(1);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(editor.nodes).toHaveCount(3);
});

test('in a large flow, edges lead to nodes out of sight where these will be', async ({ page }) => {
  const { nodes, ...flow } = callingFlow('large', site.sink.url);
  const [hook, map, post] = nodes;
  if (!hook || !map || !post) throw new Error('The flow has three nodes');
  const far = { x: 4_000, y: 0 };
  const filler = Array.from({ length: 150 }, (_, index) => ({
    ...map,
    id: `n${index}`,
    position: { x: (index % 10) * 320, y: 320 + Math.floor(index / 10) * 160 },
  }));
  const check = {
    ...map,
    id: 'check',
    type: 'core.if',
    label: 'Large',
    position: far,
    config: { condition: true },
  };
  await site.call('PUT /flows/large', {
    ...flow,
    nodes: [hook, check, map, { ...post, position: { x: 320, y: 144 } }, ...filler],
    edges: [
      { from: 'hook', to: 'check' },
      { from: 'check', port: 'true', to: 'map' },
      { from: 'check', port: 'false', to: 'post' },
    ],
  });
  await openAsOwner(page, site, '/flows/large?node=hook');
  const editor = editorOf(page);
  await expect(editor.node('New order')).toBeVisible();
  await expect(editor.edges).toHaveCount(3);
  await expect(editor.node('Large')).toHaveCount(0);
  const drawn = await ends(page);
  await page.keyboard.press('1');
  await expect(editor.node('Large')).toBeVisible();
  await expect.poll(async () => distance(drawn, await ends(page))).toBeLessThan(2);
});

type Ends = readonly (readonly number[])[];

/** Where each edge begins and ends, in flow units. */
async function ends(page: Page): Promise<Ends> {
  const paths = await page
    .locator('.react-flow__edge-path')
    .evaluateAll((all) => all.map((path) => path.getAttribute('d') ?? ''));
  return paths.map((path) => {
    const numbers = [...path.matchAll(/-?[\d.]+/g)].map(Number);
    return [...numbers.slice(0, 2), ...numbers.slice(-2)];
  });
}

/** The furthest that an end moved. */
function distance(before: Ends, after: Ends): number {
  return Math.max(
    ...before.flatMap((edge, index) => edge.map((at, part) => Math.abs(at - (after[index]?.[part] ?? NaN)))),
  );
}

/** Opens the palette, types, and takes the first line, which must be the one that is meant. */
async function inPalette(page: Page, query: string, first: RegExp): Promise<void> {
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('combobox', { name: 'Commands' })).toBeFocused();
  await page.keyboard.type(query);
  await expect(page.getByRole('option').first()).toHaveAccessibleName(first);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: 'Commands' })).toHaveCount(0);
}

async function openFlow(page: Page, flow: FlowDocument): Promise<Editor> {
  await site.call(`PUT /flows/${flow.slug}`, flow);
  await openAsOwner(page, site, `/flows/${flow.slug}`);
  const editor = editorOf(page);
  await expect(editor.nodes).toHaveCount(flow.nodes.length);
  return editor;
}

async function stored(slug: string): Promise<FlowDocument> {
  return (await site.call(`GET /flows/${slug}`)) as FlowDocument;
}
