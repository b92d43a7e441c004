import type { Locator, Page } from '@playwright/test';

import type { FlowDocument } from '#core/flow-document.ts';

import { editorOf, retype, type Editor } from './support/editor.ts';
import { expect, test } from './support/e2e-test.ts';
import { callingFlow } from './support/flows.ts';
import { openAsOwner } from './support/sign-in.ts';
import { useSite } from './support/use-site.ts';

const site = useSite();

test('takes a flow off the air: its hook answers 410, the page says so, and publishing brings the address back', async ({
  page,
}) => {
  const hookUrl = await publish('withdrawn', '/withdrawn');
  expect((await post(hookUrl, 'A-1')).status).toBe(202);
  await site.sink.waitFor('/withdrawn', 1);
  await openAsOwner(page, site, '/flows/withdrawn');
  await expect(headerOf(page).getByText('Version 1', { exact: true })).toBeVisible();

  await chooseMore(page, 'Unpublish');
  await page.getByRole('alertdialog').getByRole('button', { name: 'Unpublish' }).click();
  await expect(page.getByText('The flow is no longer published.')).toBeVisible();
  await expect(headerOf(page).getByText('Not published')).toBeVisible();
  const refused = await post(hookUrl, 'A-2');
  expect(refused.status).toBe(410);
  expect(await site.call('GET /flows/withdrawn/summary')).toMatchObject({ publishedVersion: null, hookUrl });
  await chooseMore(page, 'Hook URL');
  const hook = page.getByRole('dialog', { name: 'Hook' });
  await expect(hook.getByText(/answers 410 until the flow is published again/)).toBeVisible();
  await expect(hook.getByTestId('hook-url')).toHaveText(hookUrl);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'More', exact: true }).click();
  await expect(page.getByRole('menuitem', { name: 'Versions' })).toBeVisible();
  await expect(page.getByRole('menuitem', { name: 'Unpublish' })).toBeHidden();
  await page.keyboard.press('Escape');
  await page.goto(site.url('/flows'));
  await expect(page.getByRole('row', { name: /withdrawn/ })).toContainText('Not published');

  await page.goto(site.url('/flows/withdrawn'));
  await page.getByRole('button', { name: 'Publish', exact: true }).click();
  await page.getByRole('dialog', { name: 'Publish' }).getByRole('button', { name: 'Publish' }).click();
  await expect(page.getByRole('dialog', { name: 'Version 1 is published' })).toBeVisible();
  expect((await post(hookUrl, 'A-3')).status).toBe(202);
  const arrived = await site.sink.waitFor('/withdrawn', 2);
  expect(arrived.map((request) => request.json())).toEqual([{ title: 'Order A-1' }, { title: 'Order A-3' }]);
});

test('goes back to an earlier version: the hook runs it again, and the draft stays as it was', async ({
  page,
}) => {
  const hookUrl = await publish('rolled-back', '/first');
  await publish('rolled-back', '/second');
  await post(hookUrl, 'B-1');
  await site.sink.waitFor('/second', 1);
  await openAsOwner(page, site, '/flows/rolled-back');
  await expect(headerOf(page).getByText('Version 2', { exact: true })).toBeVisible();

  const versions = await openVersions(page);
  const rows = rowsOf(versions);
  await expect(rows).toHaveText([/Version 2.*Published/, /Version 1/]);
  await expect(rows.first().getByRole('button', { name: 'Publish again' })).toBeHidden();
  await rows.last().getByRole('button', { name: 'Publish again' }).click();
  const question = page.getByRole('alertdialog', { name: 'Publish version 1 again?' });
  await question.getByRole('button', { name: 'Publish again' }).click();
  await expect(page.getByText('Published as version 3.')).toBeVisible();
  await expect(rows).toHaveText([/Version 3.*Published/, /Version 2/, /Version 1/]);
  await page.keyboard.press('Escape');
  await expect(headerOf(page).getByText('Version 3, draft differs')).toBeVisible();

  const accepted = await post(hookUrl, 'B-2');
  const { runId } = (await accepted.json()) as { runId: string };
  const [delivered] = await site.sink.waitFor('/first', 1);
  expect(delivered?.json()).toEqual({ title: 'Order B-2' });
  expect(site.sink.at('/second')).toHaveLength(1);
  expect(await site.call(`GET /runs/${runId}`)).toMatchObject({ version: 3 });
  expect(urlOf(await site.call('GET /flows/rolled-back'))).toBe(`${site.sink.url}/second`);
  expect(urlOf((await site.call('GET /flows/rolled-back/versions/3')).document)).toBe(
    `${site.sink.url}/first`,
  );
});

test('takes an earlier version into the draft, where undo brings back what was there', async ({ page }) => {
  const hookUrl = await publish('taken', '/taken-first');
  await publish('taken', '/taken-second');
  await openAsOwner(page, site, '/flows/taken');
  const editor = editorOf(page);
  await editor.open('Post to API');
  await retype(editor.field('URL'), `${site.sink.url}/never-published`);
  await editor.waitUntilSaved();

  const versions = await openVersions(page);
  const oldest = rowsOf(versions).filter({ hasText: 'Version 1' });
  await oldest.getByRole('button', { name: 'Take into the draft' }).click();
  await expect(page.getByText(/^Version 1 is in the draft\./)).toBeVisible();
  await expect(versions).toBeHidden();
  await expectUrl(editor, '/taken-first');
  await expect.poll(draftUrl).toBe(`${site.sink.url}/taken-first`);

  await page.getByRole('button', { name: 'Undo' }).click();
  await expectUrl(editor, '/never-published');
  await expect.poll(draftUrl).toBe(`${site.sink.url}/never-published`);
  await page.getByRole('button', { name: 'Redo' }).click();
  await expect.poll(draftUrl).toBe(`${site.sink.url}/taken-first`);

  // The draft alone has changed: events run version 2.
  expect((await post(hookUrl, 'C-1')).status).toBe(202);
  await site.sink.waitFor('/taken-second', 1);
  expect(site.sink.at('/taken-first')).toHaveLength(0);

  async function draftUrl(): Promise<unknown> {
    return urlOf(await site.call('GET /flows/taken'));
  }
});

test('says what each version changed, compares any two on the canvas, and what publishing means', async ({
  page,
}) => {
  await publish('compared', '/first');
  const [trigger, map, post] = callingFlow('compared', `${site.sink.url}/second`).nodes;
  if (!trigger || !map || !post) throw new Error('The flow has three nodes');
  const second = callingFlow('compared', `${site.sink.url}/second`);
  await site.call('PUT /flows/compared', {
    ...second,
    nodes: [
      trigger,
      { ...post, timeoutSeconds: 20, config: { ...post.config, body: { $expr: 'steps.shape' } } },
      { ...map, id: 'shape', label: 'Shape anew' },
    ],
    edges: [
      { from: trigger.id, to: 'shape' },
      { from: 'shape', to: post.id },
    ],
  });
  await openAsOwner(page, site, '/flows/compared');

  await page.getByRole('button', { name: 'Publish', exact: true }).click();
  const publishing = page.getByRole('dialog', { name: 'Publish' });
  const changes = publishing.getByRole('region', { name: 'Changes since version 1' });
  await expect(
    changes.getByText(/^Shape anew was added, after New order, before Post to API$/),
  ).toBeVisible();
  await expect(changes.getByText('Post to API: the timeout in seconds is now 20')).toBeVisible();
  await expect(publishing.getByRole('region', { name: 'Runs that have not ended' })).toContainText(
    'There are none now.',
  );
  await publishing.getByLabel('Note').fill('Shape it anew');
  await publishing.getByRole('button', { name: 'Publish' }).click();
  await expect(page.getByRole('dialog', { name: 'Version 2 is published' })).toBeVisible();
  await page.keyboard.press('Escape');

  const versions = await openVersions(page);
  const newest = rowsOf(versions).first();
  await expect(newest).toContainText('Shape it anew');
  await expect(newest).toContainText('Reshape was removed');
  await expect(versions.getByRole('region', { name: 'Draft' })).toContainText(
    'Nothing that a run would notice changed.',
  );
  await newest.getByRole('button', { name: 'Compare version 2 with version 1' }).click();
  const compare = page.getByRole('dialog', { name: 'Compare versions' });
  await expect(compare.getByRole('group', { name: /^Shape anew, .*, added$/ })).toBeVisible();
  await expect(compare.getByRole('group', { name: /^Reshape, .*, removed$/ })).toBeVisible();
  await expect(compare.getByRole('group', { name: /^New order, .*, as before$/ })).toBeVisible();
  // By keyboard, down the list of changes: each shows its fields.
  const list = compare.getByRole('list', { name: 'What changed' });
  await list.getByRole('button').first().focus();
  await page.keyboard.press('Enter');
  await expect(compare.getByRole('region', { name: 'Fields of Shape anew' })).toContainText('output');
  const timeout = list.getByRole('button', { name: /timeout/ });
  while (!(await timeout.evaluate((button) => button === document.activeElement)))
    await page.keyboard.press('ArrowDown');
  const fields = compare.getByRole('region', { name: 'Fields of Post to API' });
  await expect(fields).toContainText('the timeout in seconds');
  await expect(fields).toContainText('/second');
  // The other way round, what was added is removed.
  await compare.getByRole('button', { name: 'Swap the two' }).click();
  await expect(compare.getByRole('group', { name: /^Shape anew, .*, removed$/ })).toBeVisible();
  await compare.getByRole('combobox', { name: 'From' }).click();
  await page.getByRole('option', { name: 'Version 1', exact: true }).click();
  await expect(compare.getByText(/^Nothing changed between these two/)).toBeVisible();
});

function headerOf(page: Page) {
  return page.locator('header');
}

async function chooseMore(page: Page, item: string): Promise<void> {
  await page.getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('menuitem', { name: item }).click();
}

async function openVersions(page: Page) {
  await chooseMore(page, 'Versions');
  const dialog = page.getByRole('dialog', { name: 'Versions' });
  await expect(rowsOf(dialog).first()).toBeVisible();
  return dialog;
}

/** The versions themselves, each with the list of its changes inside. */
function rowsOf(dialog: Locator): Locator {
  return dialog.getByRole('list', { name: 'Versions' }).locator(':scope > li');
}

async function expectUrl(editor: Editor, path: string): Promise<void> {
  await editor.open('Post to API');
  await expect(editor.field('URL')).toHaveText(site.sink.url + path);
}

/** Returns the URL of its hook. */
async function publish(slug: string, path: string): Promise<string> {
  await site.call(`PUT /flows/${slug}`, callingFlow(slug, site.sink.url + path));
  const { hookUrl } = (await site.call(`POST /flows/${slug}/publish`, {})) as { hookUrl: string };
  return hookUrl;
}

function post(hookUrl: string, number: string): Promise<Response> {
  const headers = { 'content-type': 'application/json' };
  return fetch(hookUrl, { method: 'POST', headers, body: JSON.stringify({ number }) });
}

function urlOf({ nodes }: FlowDocument): unknown {
  return nodes.find(({ id }) => id === 'post')?.config?.['url'];
}
