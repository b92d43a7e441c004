import type { Locator, Page } from '@playwright/test';

import type { FlowNode } from '#core/flow-document.ts';
import { query } from '#test/support/query.ts';

import { retype } from './support/editor.ts';
import { expect, test } from './support/e2e-test.ts';
import { postEvent } from './support/events.ts';
import { callingFlow } from './support/flows.ts';
import { openAsOwner } from './support/sign-in.ts';
import { useSite } from './support/use-site.ts';

const site = useSite();
const COUNT = 50;
/** One attempt: what fails is a dead letter at once. */
const ONCE = { retry: { attempts: 1, baseSeconds: 1, maxSeconds: 1 } };

test('fifty dead letters of one cause are redriven: a sample, a look, the rest with a pause, each once', async ({
  page,
}) => {
  const farEnd = { works: false };
  site.sink.reply('/orders', () => (farEnd.works ? { status: 201 } : { status: 422 }));
  const hookUrl = await publishFlow('orders', '/orders', ONCE);
  for (let index = 0; index < COUNT; index += 1) await postOrder(hookUrl, `A-${index}!`);
  await expect.poll(async () => (await site.call('GET /dead-letters/groups')).total).toBe(COUNT);

  await openAsOwner(page, site, '/dead-letters');
  await expect(page.getByRole('link', { name: /^Dead letters/ }).first()).toContainText(String(COUNT));
  const group = page.getByRole('list', { name: 'Causes' }).getByRole('listitem');
  await expect(group).toHaveCount(1);
  await expect(group).toContainText('Post to API');
  await group.getByRole('link', { name: 'The other side refused the request' }).click();
  await expect(page.getByText(`${COUNT} open`)).toBeVisible();
  await expect(letterRows(page)).toHaveCount(COUNT);

  await page.getByRole('searchbox', { name: 'Search dead letters' }).fill('A-17!');
  await expect(letterRows(page)).toHaveCount(1);
  await page.getByRole('checkbox', { name: /^Select run/ }).click();
  await expect(page.getByRole('region', { name: 'Selection' })).toContainText('1 selected');
  await page.getByRole('searchbox', { name: 'Search dead letters' }).fill('');
  await expect(letterRows(page)).toHaveCount(COUNT);
  await expect(page.getByRole('region', { name: 'Selection' })).toBeHidden();

  farEnd.works = true;
  await page.getByRole('button', { name: 'Redrive all…' }).click();
  const dialog = page.getByRole('dialog');
  await expect(
    dialog.getByText(`${COUNT} runs, the oldest first. The first 5 go as a sample.`),
  ).toBeVisible();
  await dialog.getByRole('textbox', { name: /^At most each second/ }).fill('8');
  await dialog.getByRole('button', { name: 'Start the redrive' }).click();
  await expect(page).toHaveURL(/\/bulk-actions\//);
  await expect(page.getByText('Look at the sample')).toBeVisible();
  await expect(page.getByRole('list', { name: 'The runs now' })).toContainText('5succeeded');
  expect(site.sink.at('/orders')).toHaveLength(COUNT + 5);

  await page.getByRole('button', { name: 'Continue with the other 45' }).click();
  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(page.locator('header').getByText('Paused')).toBeVisible();
  const done = Number(await page.getByRole('progressbar').getAttribute('aria-valuenow'));
  expect(done).toBeLessThan(100);
  await page.getByRole('button', { name: /^Pace: 8 a second/ }).click();
  await page.getByRole('textbox', { name: 'At most each second' }).fill('');
  await page.getByRole('button', { name: 'Change the pace' }).click();
  await page.getByRole('button', { name: 'Continue', exact: true }).click();

  await expect(page.locator('header').getByText('Done')).toBeVisible();
  await expect(page.getByText('Every one was taken up again.')).toBeVisible();
  await expect(page.getByRole('list', { name: 'The runs now' })).toContainText(`${COUNT}succeeded`);
  const calls = Map.groupBy(site.sink.at('/orders'), (request) => request.headers['idempotency-key']);
  expect([...calls.values()].map((each) => each.length)).toEqual(Array.from({ length: COUNT }, () => 2));

  await page.getByRole('link', { name: 'Bulk actions' }).click();
  await page.getByRole('link', { name: `Redrive of ${COUNT} runs` }).click();
  await expect(page.getByText('Every one was taken up again.')).toBeVisible();
  await page
    .getByRole('link', { name: /^Dead letters/ })
    .first()
    .click();
  await expect(page.getByRole('heading', { name: 'No failed run waits for you' })).toBeVisible();
});

test('a dead letter is discarded with a reason, which stays with it', async ({ page }) => {
  const runId = await failOnce('discarded');
  await openAsOwner(page, site, `/runs/${runId}`);
  await actions(page).getByRole('button', { name: 'Discard…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Discard' }).click();
  await expect(page.getByText(/^Say why/)).toBeVisible();
  await page.getByRole('textbox', { name: 'Reason' }).fill('A test order.');
  await page.getByRole('dialog').getByRole('button', { name: 'Discard' }).click();
  await expect(actions(page)).toContainText('was discarded');
  await expect(actions(page)).toContainText('A test order.');
  await expect(actions(page).getByRole('button', { name: 'Discard…' })).toBeHidden();
  const { data } = await site.call('GET /dead-letters?state=discarded&flow=discarded');
  expect(data).toMatchObject([{ runId, discardReason: 'A test order.' }]);
  expect(site.sink.at('/discarded')).toHaveLength(1);
});

test('the input of a failed step is put right, checked at its fields, and the run goes on', async ({
  page,
}) => {
  const runId = await failOnce('fixed');
  await openAsOwner(page, site, `/runs/${runId}`);
  await actions(page).getByRole('button', { name: 'Fix input and resume…' }).click();
  const dialog = page.getByRole('dialog');
  const url = dialog.getByRole('group', { name: 'URL', exact: true });
  await retype(url.getByRole('textbox'), '');
  await dialog.getByRole('button', { name: 'Resume with this input' }).click();
  await expect(url).toContainText('write a URL');
  await retype(url.getByRole('textbox'), `${site.sink.url}/mended`);
  await dialog.getByRole('button', { name: 'Resume with this input' }).click();
  await expect(page.locator('header').getByText('Succeeded')).toBeVisible();
  await expect(page.locator('header').getByText('once')).toBeVisible();
  expect(site.sink.at('/mended').map((request) => request.json())).toEqual([{ title: 'Order fixed' }]);
  expect(site.sink.at('/fixed')).toHaveLength(1);
});

test('a run is replayed from a step: the plan says what happens, and both runs lead to each other', async ({
  page,
}) => {
  const runId = await failOnce('replayed');
  site.sink.reply('/replayed', {});
  await openAsOwner(page, site, `/runs/${runId}`);
  await actions(page).getByRole('button', { name: 'Replay…' }).click();
  const dialog = page.getByRole('dialog');
  const plan = dialog.getByRole('region', { name: 'What will happen' });
  await expect(plan.getByRole('list', { name: 'Runs' }).getByRole('listitem')).toHaveCount(3);
  await dialog.getByRole('combobox', { name: 'Begin at' }).click();
  await page.getByRole('option', { name: 'Post to API' }).click();
  await expect(plan.getByRole('list', { name: 'Taken over' }).getByRole('listitem')).toHaveText([
    'New order',
    'Reshape',
  ]);
  await expect(plan.getByRole('list', { name: 'Runs' }).getByRole('listitem')).toHaveText(['Post to API']);
  await expect(plan.getByRole('list', { name: 'Calls' })).toContainText('/replayed');
  await dialog.getByRole('button', { name: 'Start the replay' }).click();

  const back = page.getByRole('link', { name: `Replay of: run ${runId}` });
  await expect(back).toBeVisible();
  await expect(page.locator('header').getByText('Succeeded')).toBeVisible();
  await expect(node(page, 'Reshape')).toHaveAccessibleName(/, succeeded, taken over$/);
  await expect(node(page, 'Post to API')).toHaveAccessibleName(/, succeeded$/);
  await node(page, 'Reshape').click();
  await expect(page.getByRole('complementary', { name: 'Details' })).toContainText('It did not run again');
  const replayId = new URL(page.url()).pathname.split('/').at(-1) ?? '';
  await back.click();
  await expect(page.getByRole('link', { name: `Replayed as: run ${replayId}` })).toBeVisible();
  await expect(actions(page)).toContainText('waits for you');
});

test('a call in doubt is settled by a person: it happened, or it is done again', async ({ page }) => {
  site.sink.reply('/charge', (request, before) => (before < 2 ? { hangUp: true } : { body: { id: 2 } }));
  const hookUrl = await publishFlow('charge', '/charge', { effect: 'once' });
  const [happened, not] = [await postOrder(hookUrl, 'C-1'), await postOrder(hookUrl, 'C-2')];
  for (const runId of [happened, not])
    await expect.poll(async () => (await site.call(`GET /runs/${runId}`)).status).toBe('in_doubt');

  await openAsOwner(page, site, `/runs/${happened}`);
  const doubt = page.getByRole('region', { name: 'In doubt' });
  await doubt.getByRole('button', { name: 'It happened…' }).click();
  await retype(doubt.getByRole('textbox', { name: 'Output' }), '{"id":1');
  await doubt.getByRole('button', { name: 'It happened, go on' }).click();
  await expect(page.locator('header').getByText('Succeeded')).toBeVisible();
  expect((await site.call(`GET /runs/${happened}`)).output).toEqual({ id: 1 });
  expect(site.sink.at('/charge')).toHaveLength(2);

  await page.goto(site.url(`/runs/${not}`));
  await doubt.getByRole('button', { name: 'Do it again' }).click();
  await expect(page.locator('header').getByText('Succeeded')).toBeVisible();
  const [, first, again] = site.sink.at('/charge').map(({ headers }) => headers['idempotency-key']);
  expect(site.sink.at('/charge')).toHaveLength(3);
  expect([first, site.sink.at('/charge')[0]?.headers['idempotency-key']]).toContain(again);
});

test('a step that waits for its next attempt is tried at once when asked', async ({ page }) => {
  site.sink.reply('/later', (_request, before) =>
    before === 0 ? { status: 503, headers: { 'retry-after': '3000' } } : {},
  );
  const runId = await postOrder(await publishFlow('later', '/later'), 'D-1');
  await openAsOwner(page, site, `/runs/${runId}`);
  await page.getByRole('button', { name: 'Retry now' }).click();
  await expect(page.locator('header').getByText('Succeeded')).toBeVisible();
  expect(site.sink.at('/later')).toHaveLength(2);
});

test('chosen runs are replayed together with another body, tried on one of them first', async ({ page }) => {
  const hookUrl = await publishFlow('together', '/together');
  for (const number of ['T-1', 'T-2', 'T-3']) await postOrder(hookUrl, number);
  await site.sink.waitFor('/together', 3);
  await openAsOwner(page, site, '/runs?flow=together&status=succeeded');
  await expect(letterRows(page)).toHaveCount(3);
  await page.getByRole('checkbox', { name: 'Select all that are shown' }).click();
  await page
    .getByRole('checkbox', { name: /^Select run/ })
    .first()
    .click();
  const selection = page.getByRole('region', { name: 'Selection' });
  await expect(selection).toContainText('2 selected');
  await selection.getByRole('button', { name: 'Replay…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('switch', { name: 'Change the body of each event' }).click();
  await retype(
    dialog.getByRole('textbox', { name: /^A JSONata expression/ }),
    '{"number": trigger.body.number & "+"',
  );
  await expect(dialog.getByRole('tree', { name: 'new body' })).toContainText('T-2+');
  await dialog.getByRole('switch', { name: 'Try a sample first' }).click();
  await expect(dialog.getByText('2 runs, the oldest first.')).toBeVisible();
  await dialog.getByRole('button', { name: 'Start the replay' }).click();
  await expect(page.locator('header').getByText('Done')).toBeVisible();
  await site.sink.waitFor('/together', 5);
  expect(
    site.sink
      .at('/together')
      .slice(3)
      .map((request) => request.json()),
  ).toEqual(expect.arrayContaining([{ title: 'Order T-1+' }, { title: 'Order T-2+' }]));
});

test('the ledger adds up; when it does not, every page says so', async ({ page }) => {
  await failOnce('counted');
  await openAsOwner(page, site, '/flows');
  await page.getByRole('link', { name: 'Ledger' }).click();
  await expect(page.getByRole('heading', { name: 'Everything adds up' })).toBeVisible();
  const { workspace } = await site.call('GET /ledger');
  const whole = page.getByRole('region', { name: 'The workspace as a whole' });
  await expect(whole).toContainText(`${workspace.accepted}accepted=`);
  await expect(page.getByRole('row', { name: /^counted 1 0 1 0/ })).toBeVisible();

  await query(
    site.product.databaseUrl,
    'update ledger_count set accepted = accepted + 1 where flow_slug = $1',
    ['counted'],
  );
  await page.goto(site.url('/runs'));
  const banner = page.getByRole('alert').filter({ hasText: 'The ledger does not add up.' });
  await expect(banner).toContainText('1 accepted event is not accounted for');
  await banner.getByRole('link', { name: 'Open the ledger' }).click();
  await expect(page.getByRole('heading', { name: 'The ledger does not add up' })).toBeVisible();
  await expect(page.getByRole('row', { name: /^counted 2 0 1 .* 1$/ })).toBeVisible();
});

function letterRows(page: Page): Locator {
  return page.getByRole('row').filter({ has: page.getByRole('link') });
}

function actions(page: Page): Locator {
  return page.getByRole('region', { name: 'What you can do' });
}

function node(page: Page, name: string): Locator {
  return page.getByRole('group', { name: new RegExp(`^${name}, `) });
}

/** A run of a flow of its own that failed because its far end has nothing at the address. */
async function failOnce(slug: string): Promise<string> {
  site.sink.reply(`/${slug}`, { status: 404 });
  const runId = await postOrder(await publishFlow(slug, `/${slug}`), slug);
  await expect.poll(async () => (await site.call(`GET /runs/${runId}`)).status).toBe('failed');
  return runId;
}

/** Returns the URL of its hook. */
async function publishFlow(slug: string, path: string, call: Partial<FlowNode> = {}): Promise<string> {
  await site.call(`PUT /flows/${slug}`, callingFlow(slug, site.sink.url + path, call));
  const { hookUrl } = (await site.call(`POST /flows/${slug}/publish`, {})) as { hookUrl: string };
  return hookUrl;
}

async function postOrder(hookUrl: string, number: string): Promise<string> {
  const headers = { 'content-type': 'application/json' };
  return postEvent(hookUrl, { headers, body: JSON.stringify({ number }) });
}
