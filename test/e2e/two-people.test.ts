import type { Page } from '@playwright/test';

import type { FlowDocument } from '#core/flow-document.ts';

import { addViewer } from './support/add-viewer.ts';
import { editorOf, type Editor } from './support/editor.ts';
import { expect, test } from './support/e2e-test.ts';
import { callingFlow } from './support/flows.ts';
import { openAsOwner, signIn } from './support/sign-in.ts';
import { useSite } from './support/use-site.ts';

const site = useSite();
const MERGED = /status of 412/;

test('two people in one flow see each other, get each other’s edits as they are made, and lose none', async ({
  page,
  visits,
}) => {
  visits.expectMessages(MERGED);
  await site.call('PUT /flows/together', callingFlow('together', `${site.sink.url}/orders`));
  await site.call('PUT /flows/elsewhere', callingFlow('elsewhere', `${site.sink.url}/orders`));
  const email = await addViewer(site);
  await openAsOwner(page, site, '/flows/together');
  const mine = editorOf(page);
  await expect(mine.nodes).toHaveCount(3);
  await expect(alsoHere(page)).toBeHidden();

  // Vera reads along: each sees the other, and what the other has selected.
  const vera = await (await visits.openContext()).newPage();
  await signIn(vera, site, email);
  await vera.goto(site.url('/flows/together'));
  const theirs = editorOf(vera);
  await expect(alsoHere(page).getByRole('button', { name: 'Vera is here' })).toBeVisible();
  await expect(alsoHere(vera).getByRole('button')).toHaveCount(1);
  await mine.node('Reshape').click();
  await expect(vera.getByTestId('presence-map')).toBeVisible();
  await expect(alsoHere(vera).getByRole('button', { name: /is at Reshape$/ })).toBeVisible();
  await theirs.node('Post to API').click();
  await expect(page.getByTestId('presence-post')).toContainText('Vera');

  // What I do shows at hers without a reload.
  await mine.rename('Reshape', 'Shaped by me');
  await expect(theirs.node('Shaped by me')).toBeVisible();

  // She goes to another flow, and is gone from this one within seconds.
  await vera.goto(site.url('/flows/elsewhere'));
  await expect(editorOf(vera).nodes).toHaveCount(3);
  await expect(alsoHere(page)).toBeHidden();
  await expect(alsoHere(vera)).toBeHidden();

  // My second browser edits another node while I edit mine: both come together by themselves.
  const other = await openAgain(await (await visits.openContext()).newPage(), 'together');
  await other.rename('Post to API', 'Called by the other');
  await expect(mine.node('Called by the other')).toBeVisible();
  await Promise.all([
    mine.rename('Shaped by me', 'Mine again'),
    other.rename('New order', 'The other’s hook'),
  ]);
  for (const editor of [mine, other]) {
    await expect(editor.node('The other’s hook')).toBeVisible();
    await expect(editor.node('Mine again')).toBeVisible();
    await editor.waitUntilSaved();
  }
  expect((await stored('together')).nodes.map(({ label }) => label)).toEqual([
    'The other’s hook',
    'Mine again',
    'Called by the other',
  ]);
  // Undo takes back mine alone.
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(other.node('Shaped by me')).toBeVisible();
  await expect(mine.node('The other’s hook')).toBeVisible();
});

function alsoHere(page: Page) {
  return page.getByRole('list', { name: 'Also here' });
}

async function openAgain(page: Page, slug: string): Promise<Editor> {
  await openAsOwner(page, site, `/flows/${slug}`);
  const editor = editorOf(page);
  await expect(editor.nodes).toHaveCount(3);
  return editor;
}

async function stored(slug: string): Promise<FlowDocument> {
  return (await site.call(`GET /flows/${slug}`)) as FlowDocument;
}
