import type { Page } from '@playwright/test';

import type { FlowDocument } from '#core/flow-document.ts';

import { centreOf, editorOf, retype, type Editor } from './support/editor.ts';
import { expect, test, type Visits } from './support/e2e-test.ts';
import { callingFlow } from './support/flows.ts';
import { openAsOwner } from './support/sign-in.ts';
import { useSite } from './support/use-site.ts';

const site = useSite();

/** What the browser itself says of calls that fail on purpose. */
const NO_NETWORK = /ERR_INTERNET_DISCONNECTED/;
/** What the editor loads while it idles, such as the layout, and did not have yet when the network went. It asks again. */
const NOT_LOADED_YET = /will try again ChunkLoadError/;
const SAVED_BY_ANOTHER = /status of 412/;

test('copies nodes as JSON text, pastes them here and in another flow, undoes, redoes and deletes', async ({
  page,
}) => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const editor = await openNewFlow(page, 'copied-from');
  await editor.node('Reshape').click();
  await editor.node('Post to API').click({ modifiers: ['Shift'] });
  await page.keyboard.press('Control+c');
  const text = await page.evaluate(() => navigator.clipboard.readText());
  expect(JSON.parse(text)).toMatchObject({
    format: 'patchbay/flow-fragment',
    nodes: [{ id: 'map' }, { id: 'post' }],
    edges: [{ from: 'map', to: 'post' }],
  });

  await page.keyboard.press('Control+v');
  await expect(editor.nodes).toHaveCount(5);
  await expect(editor.edges).toHaveCount(3);
  await page.keyboard.press('Control+z');
  await expect(editor.nodes).toHaveCount(3);
  await page.keyboard.press('Control+Shift+z');
  await expect(editor.nodes).toHaveCount(5);
  await editor.node('New order').click();
  await page.keyboard.press('Delete');
  await expect(editor.nodes).toHaveCount(4);
  await page.keyboard.press('Control+z');
  await expect(editor.node('New order')).toBeVisible();
  await editor.waitUntilSaved();
  expect((await stored('copied-from')).nodes.map(({ id }) => id)).toEqual([
    'hook',
    'map',
    'post',
    'map2',
    'post2',
  ]);

  const other = await openNewFlow(page, 'copied-to');
  await other.node('New order').click();
  await page.keyboard.press('Control+v');
  await expect(other.nodes).toHaveCount(5);
  await other.waitUntilSaved();
  expect((await stored('copied-to')).nodes).toHaveLength(5);
});

test('the first node stays where it is dropped, also on the words of the empty canvas', async ({ page }) => {
  await site.call('PUT /flows/empty', { ...callingFlow('empty', site.sink.url), nodes: [], edges: [] });
  await openAsOwner(page, site, '/flows/empty');
  const editor = editorOf(page);
  const words = await centreOf(page.getByRole('heading', { name: 'What starts this flow?' }));
  const canvas = await editor.canvas.boundingBox();
  await editor.dropFromPalette('Webhook', { x: words.x - (canvas?.x ?? 0), y: words.y - (canvas?.y ?? 0) });
  await editor.waitUntilSaved();
  const dropped = await centreOf(editor.node('Webhook'));
  expect(Math.hypot(dropped.x - words.x, dropped.y - words.y), 'pixels aside').toBeLessThan(32);
});

test('inserts a node dropped on an edge, and tidies up', async ({ page }) => {
  const editor = await openNewFlow(page, 'inserted');
  const [from, to] = [await centreOf(editor.node('New order')), await centreOf(editor.node('Reshape'))];
  const canvas = await editor.canvas.boundingBox();
  await editor.dropFromPalette('Filter', {
    x: (from.x + to.x) / 2 - (canvas?.x ?? 0),
    y: from.y - (canvas?.y ?? 0),
  });
  await expect(editor.nodes).toHaveCount(4);
  await editor.waitUntilSaved();
  expect((await stored('inserted')).edges).toEqual(
    expect.arrayContaining([
      { from: 'hook', to: 'filter' },
      { from: 'filter', to: 'map' },
      { from: 'map', to: 'post' },
    ]),
  );

  await page.keyboard.press('1');
  await expect(editor.node('Post to API')).toBeInViewport({ ratio: 0.99 });
  await editor.node('Filter').hover();
  await page.mouse.down();
  const below = await centreOf(editor.node('Post to API'));
  await page.mouse.move(below.x, below.y + 16, { steps: 8 });
  await page.mouse.up();
  await expect.poll(() => editor.overlappingNodes()).not.toEqual([]);
  await page.keyboard.press('Shift+Alt+KeyT');
  await expect.poll(() => editor.overlappingNodes()).toEqual([]);
  await editor.waitUntilSaved();
  const columns = (await stored('inserted')).nodes.map(({ id, position }) => ({ id, x: position?.x ?? 0 }));
  const inOrder = columns.toSorted((a, b) => a.x - b.x).map(({ id }) => id);
  expect(inOrder).toEqual(['hook', 'filter', 'map', 'post']);
});

test('zooms by keys', async ({ page }) => {
  const editor = await openNewFlow(page, 'zoomed');
  const zoom = page.getByRole('button', { name: /^Zoom \d+ %/ });
  await editor.node('Reshape').click();
  await page.keyboard.press('0');
  await expect(zoom).toHaveText('100 %');
  await page.keyboard.press('+');
  await expect(zoom).toHaveText('120 %');
  await page.keyboard.press('-');
  await expect(zoom).toHaveText('100 %');
  await page.keyboard.press('-');
  await expect(zoom).toHaveText('83 %');
  await page.keyboard.press('1');
  for (const node of await editor.nodes.all()) await expect(node).toBeInViewport({ ratio: 0.99 });
});

test('lists the faults and leads to the setting of each', async ({ page }) => {
  const editor = await openNewFlow(page, 'faulty');
  await expect(page.getByRole('button', { name: 'No faults' })).toBeVisible();
  await editor.open('Post to API');
  await retype(editor.field('URL'), '');
  await page.keyboard.press('F6');
  await editor.node('New order').click();
  await page.getByRole('button', { name: '1 fault' }).click();
  await page.getByRole('button', { name: /Post to API.*"url" is required/ }).click();
  await expect(editor.field('URL')).toBeFocused();
  await expect(editor.setting('URL')).toContainText('"url" is required. Fill it in.');
  await expect(editor.node('Post to API')).toHaveAccessibleName(/1 fault/);

  await page.getByRole('button', { name: 'Publish', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Not yet' });
  await dialog.getByRole('button', { name: /"url" is required/ }).click();
  await expect(editor.field('URL')).toBeFocused();
});

test('says when the draft is edited, on its way and saved', async ({ page }) => {
  const editor = await openNewFlow(page, 'autosaved');
  const released = Promise.withResolvers<void>();
  await page.route('**/api/v1/flows/autosaved', async (route) => {
    if (route.request().method() === 'PUT') await released.promise;
    await route.continue();
  });
  await editor.rename('Reshape', 'Change the shape');
  await expect(page.getByText('Editing…')).toBeVisible();
  await expect(page.getByText('Saving…')).toBeVisible();
  released.resolve();
  await editor.waitUntilSaved();
  await page.reload();
  await expect(editor.node('Change the shape')).toBeVisible();
});

test('keeps edits made without a network, over a reload too, and saves them when it is back', async ({
  page,
  context,
  visits,
}) => {
  // The answer to a save can go down with the network: the next save is then a stale one, and is merged.
  visits.expectMessages(NO_NETWORK, NOT_LOADED_YET, SAVED_BY_ANOTHER);
  const editor = await openNewFlow(page, 'offline');
  await context.setOffline(true);
  await editor.rename('Reshape', 'Made on a train');
  await expect(page.getByText(/^Offline/).first()).toBeVisible();
  await editor.rename('Post to API', 'Made in a tunnel');
  await context.setOffline(false);
  await editor.waitUntilSaved();
  expect(labelsOf(await stored('offline'))).toEqual(['New order', 'Made on a train', 'Made in a tunnel']);

  await context.setOffline(true);
  await editor.rename('New order', 'Made before the battery died');
  await expect(page.getByText(/^Offline/).first()).toBeVisible();
  await page.close({ runBeforeUnload: false });
  expect(labelsOf(await stored('offline'))).toContain('New order');
  await context.setOffline(false);
  const again = await context.newPage();
  await again.goto(site.url('/flows/offline'));
  await expect(editorOf(again).node('Made before the battery died')).toBeVisible();
  await editorOf(again).waitUntilSaved();
  await expect.poll(async () => labelsOf(await stored('offline'))).toContain('Made before the battery died');
});

test('two people editing the same flow: edits of different places all survive', async ({ page, visits }) => {
  visits.expectMessages(SAVED_BY_ANOTHER);
  await silence(page);
  const mine = await openNewFlow(page, 'shared');
  const theirs = await openElsewhere(visits, 'shared');
  await theirs.rename('Reshape', 'Their map');
  await theirs.waitUntilSaved();
  await mine.rename('Post to API', 'My call');
  await expect(mine.node('Their map')).toBeVisible();
  await expect(mine.node('My call')).toBeVisible();
  await mine.waitUntilSaved();
  expect(labelsOf(await stored('shared'))).toEqual(['New order', 'Their map', 'My call']);

  await theirs.node('New order').click();
  await theirs.rename('New order', 'Their hook');
  await expect(theirs.node('My call')).toBeVisible();
  await theirs.waitUntilSaved();
  expect(labelsOf(await stored('shared'))).toEqual(['Their hook', 'Their map', 'My call']);
});

test('two people editing the same place: the conflict is shown, and nothing is lost whatever is chosen', async ({
  page,
  visits,
}) => {
  visits.expectMessages(SAVED_BY_ANOTHER);
  await silence(page);
  const mine = await openNewFlow(page, 'contested');
  const theirs = await openElsewhere(visits, 'contested');
  await theirs.rename('Reshape', 'Theirs');
  await theirs.waitUntilSaved();
  await mine.rename('Reshape', 'Mine');
  const dialog = await openConflict(page);
  await expect(dialog.getByRole('row', { name: /Mine.*Theirs/ })).toBeVisible();
  await dialog.getByRole('button', { name: 'Keep mine' }).click();
  await mine.waitUntilSaved();
  expect(labelsOf(await stored('contested'))).toContain('Mine');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(mine.node('Theirs')).toBeVisible();
  await page.getByRole('button', { name: 'Redo' }).click();
  await mine.waitUntilSaved();

  // They have not seen "Mine": now the conflict is theirs, and they save their edits as a copy.
  await theirs.rename('Theirs', 'Theirs again');
  const theirDialog = await openConflict(theirs.page);
  await theirDialog.getByRole('button', { name: 'Save mine as a copy' }).click();
  await expect(theirs.node('Mine')).toBeVisible();
  await theirs.waitUntilSaved();
  expect(labelsOf(await stored('contested'))).toContain('Mine');
  expect(labelsOf(await stored('contested-copy'))).toContain('Theirs again');
  await theirs.page.getByRole('button', { name: 'Undo' }).click();
  await expect(theirs.node('Theirs again')).toBeVisible();
});

test('two people editing the same place: taking theirs gives up mine alone, and undo has it back', async ({
  page,
  visits,
}) => {
  visits.expectMessages(SAVED_BY_ANOTHER);
  await silence(page);
  const mine = await openNewFlow(page, 'yielded');
  const theirs = await openElsewhere(visits, 'yielded');
  await theirs.rename('Reshape', 'Theirs');
  await theirs.waitUntilSaved();
  const bothMade = Promise.withResolvers<void>();
  await page.route('**/api/v1/flows/yielded', async (route) => {
    // Both of my edits are in the draft before the first is sent.
    if (route.request().method() === 'PUT') await bothMade.promise;
    await route.continue();
  });
  await mine.rename('Reshape', 'Mine');
  await mine.rename('Post to API', 'Only mine');
  bothMade.resolve();
  const dialog = await openConflict(page);
  await expect(dialog.getByRole('row')).toHaveCount(2);
  await expect(dialog.getByRole('row', { name: /Mine.*Theirs/ })).toBeVisible();
  await dialog.getByRole('button', { name: 'Take theirs' }).click();
  await expect(dialog).toBeHidden();
  await expect(mine.node('Theirs')).toBeVisible();
  await expect(mine.node('Only mine')).toBeVisible();
  await mine.waitUntilSaved();
  expect(labelsOf(await stored('yielded'))).toEqual(['New order', 'Theirs', 'Only mine']);

  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(mine.node('Mine')).toBeVisible();
  await expect(mine.node('Only mine')).toBeVisible();
  await expect
    .poll(async () => labelsOf(await stored('yielded')))
    .toEqual(['New order', 'Mine', 'Only mine']);
  await page.getByRole('button', { name: 'Redo' }).click();
  await expect
    .poll(async () => labelsOf(await stored('yielded')))
    .toEqual(['New order', 'Theirs', 'Only mine']);

  // They edit elsewhere and get mine too, without a word of a conflict.
  await theirs.rename('New order', 'Their hook');
  await expect(theirs.node('Only mine')).toBeVisible();
  await theirs.waitUntilSaved();
  expect(labelsOf(await stored('yielded'))).toEqual(['Their hook', 'Theirs', 'Only mine']);
});

test('a conflict that is left open keeps my edits over a reload, and both sides stay on offer', async ({
  page,
  visits,
}) => {
  visits.expectMessages(SAVED_BY_ANOTHER);
  await silence(page);
  const mine = await openNewFlow(page, 'postponed');
  const theirs = await openElsewhere(visits, 'postponed');
  await theirs.rename('Reshape', 'Theirs');
  await theirs.waitUntilSaved();
  await mine.rename('Reshape', 'Mine');
  await expect(page.getByRole('button', { name: 'Resolve' })).toBeVisible();
  expect(labelsOf(await stored('postponed'))).toContain('Theirs');
  page.once('dialog', (question) => void question.accept());
  await page.reload();
  await expect(mine.node('Mine')).toBeVisible();
  const dialog = await openConflict(page);
  await dialog.getByRole('button', { name: 'Keep mine' }).click();
  await mine.waitUntilSaved();
  expect(labelsOf(await stored('postponed'))).toEqual(['New order', 'Mine', 'Post to API']);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(mine.node('Theirs')).toBeVisible();
  await expect.poll(async () => labelsOf(await stored('postponed'))).toContain('Theirs');
});

async function openNewFlow(page: Page, slug: string): Promise<Editor> {
  await site.call(`PUT /flows/${slug}`, callingFlow(slug, `${site.sink.url}/orders`));
  await openAsOwner(page, site, `/flows/${slug}`);
  const editor = editorOf(page);
  await expect(editor.nodes).toHaveCount(3);
  return editor;
}

/** In a browser of its own, which learns of the other one only when it saves. */
async function openElsewhere(visits: Visits, slug: string): Promise<Editor> {
  const page = await (await visits.openContext()).newPage();
  await silence(page);
  await openAsOwner(page, site, `/flows/${slug}`);
  const editor = editorOf(page);
  await expect(editor.nodes).toHaveCount(3);
  return editor;
}

/** Keeps what others do from the page until it saves, as on a slow line. */
async function silence(page: Page): Promise<void> {
  await page.route('**/api/v1/flows/*/stream?*', () => {});
}

async function openConflict(page: Page) {
  await page.getByRole('button', { name: 'Resolve' }).click();
  return page.getByRole('dialog', { name: 'Someone else changed the same places' });
}

async function stored(slug: string): Promise<FlowDocument> {
  return (await site.call(`GET /flows/${slug}`)) as FlowDocument;
}

function labelsOf(flow: FlowDocument): readonly (string | undefined)[] {
  return flow.nodes.map((node) => node.label);
}
