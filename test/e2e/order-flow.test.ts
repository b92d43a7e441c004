import type { Page } from '@playwright/test';

import { addAfter, addFields, nameFlow, pick, showAll } from './support/build-flow.ts';
import { retype, type Editor } from './support/editor.ts';
import { expect, test } from './support/e2e-test.ts';
import { LOOP_HEADER } from './support/flows.ts';
import { openAsOwner } from './support/sign-in.ts';
import { useSite } from './support/use-site.ts';

const site = useSite();

const LIMIT = 1_000;
const UNDO = 'If the run fails later, undo with…';

interface Order {
  readonly number: string;
  readonly lines: readonly { sku: string; count: number; price: number }[];
}

test('an order flow built by hand answers, asks above a limit, and takes back what it did', async ({
  page,
}) => {
  test.setTimeout(600_000);
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  answerLikeTheFarEnd();
  await openAsOwner(page, site, '/flows');
  await test.step('a sub-flow that prices a line', () => buildPriceFlow(page));
  const hookUrl = await test.step('the order flow', () => buildOrderFlow(page));
  await test.step('a small order is answered', () => sendSmallOrder(page, hookUrl));
  await test.step('a large order asks first', () => sendLargeOrder(page, hookUrl));
  await test.step('a refused payment is made good', () => sendRefusedOrder(page, hookUrl));
});

/** Each of the two calls is answered once the other one is there, too: one after the other would never be. */
function answerLikeTheFarEnd(): void {
  const { sink } = site;
  sink.reply('/reserve', (request, before) => ({
    until: sink.waitFor('/charge', before + 1, 60_000),
    body: { id: `reservation of ${(request.json() as Order).number}` },
  }));
  sink.reply('/charge', (request, before) => {
    const { number } = request.json() as Order;
    const until = sink.waitFor('/reserve', before + 1, 60_000);
    if (number === 'O-3') return { until, status: 400, body: { error: 'The card is declined.' } };
    return { until, body: { id: `payment of ${number}` } };
  });
}

async function buildPriceFlow(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Empty flow' }).click();
  const editor = await nameFlow(page, 'Price of a line');
  await editor.dropFromPalette('Manual start', { x: 150, y: 120 });
  await addAfter(editor, 'Manual start', { type: 'Map' });
  await addFields(editor, 'Output', {
    sku: '=trigger.body.sku',
    amount: '=trigger.body.count * trigger.body.price',
  });
  await editor.waitUntilSaved();
  await publish(page);
}

/** Webhook → each line → its price → above the limit? → approval → two calls side by side → the reply. */
async function buildOrderFlow(page: Page): Promise<string> {
  await page.getByRole('link', { name: 'Flows', exact: true }).first().click();
  await page.getByRole('button', { name: 'New flow' }).click();
  const editor = await nameFlow(page, 'Orders');
  await editor.dropFromPalette('Webhook', { x: 150, y: 120 });
  await editor.choose('Answer', 'Finished');
  await retype(editor.field('Wait at most (seconds)'), '120');
  await priceEachLine(editor);
  await askAboveTheLimit(editor);
  await callSideBySide(editor);
  await answerTheCaller(editor);
  await undoTheFirstCall(editor);
  await page.getByRole('button', { name: 'Tidy up' }).click();
  await showAll(editor);
  await expect(editor.nodes).toHaveCount(12);
  await expect.poll(() => editor.overlappingNodes()).toHaveLength(1); // a loop and what is in it
  await editor.waitUntilSaved();
  await expect(page.getByText(/\d+ (fault|warning)/)).toHaveCount(0);
  return publish(page);
}

async function priceEachLine(editor: Editor): Promise<void> {
  await addAfter(editor, 'Webhook', { type: 'For each', name: 'Each line' });
  await retype(editor.field('Items'), 'trigger.body.lines');
  await retype(editor.field('At a time'), '3');
  await editor.node('Each line').getByRole('button', { name: 'Add the first step' }).click();
  await pick(editor, { type: 'Call a flow', name: 'Price' });
  await expect(editor.node('Price')).toHaveAccessibleName(/, in Each line/);
  await chooseFlow(editor, 'Price of a line');
  await retype(editor.field('Input'), '=item');

  await addAfter(editor, 'Each line', { type: 'Map', name: 'Order' });
  await addFields(editor, 'Output', {
    number: '=trigger.body.number',
    total: '=$sum(steps.each.results.amount)',
  });
}

/** Large orders go by the approval, the others around it; both come together again. */
async function askAboveTheLimit(editor: Editor): Promise<void> {
  await addAfter(editor, 'Order', { type: 'If', name: 'Above the limit' });
  await retype(editor.field('Condition'), `steps.map.total > ${LIMIT}`);
  await addAfter(editor, 'Above the limit', { port: 'true', type: 'Approval' });
  await retype(editor.field('Question'), 'Send order {{ steps.map.number }} over {{ steps.map.total }} €?');

  await addAfter(editor, 'Approval', { port: 'approved', type: 'Map', name: 'Agreed' });
  await addFields(editor, 'Output', { number: '=steps.map.number', total: '=steps.map.total' });
  await connect(editor, 'Above the limit', { port: 'false', to: 'Agreed' });
  await open(editor, 'Agreed');
  await openSection(editor, 'Options');
  await editor.choose('Several inputs', /^Go on with the first/);

  await addAfter(editor, 'Approval', { port: 'rejected', type: 'Respond', name: 'Turned down' });
  await retype(editor.field('Status'), '409');
  await connect(editor, 'Approval', { port: 'expired', to: 'Turned down' });
}

/** Two ways out of one port: the first by its “+”, the other dragged onto the empty canvas. */
async function callSideBySide(editor: Editor): Promise<void> {
  await addAfter(editor, 'Agreed', { type: 'HTTP request', name: 'Reserve stock' });
  await fillCall(editor, '/reserve', '=steps.map');
  await showAll(editor);
  await dragToEmptyCanvas(editor, 'Agreed', 'Reserve stock');
  await pick(editor, { type: 'HTTP request', name: 'Charge card' });
  await fillCall(editor, '/charge', '=steps.map');
}

async function answerTheCaller(editor: Editor): Promise<void> {
  await addAfter(editor, 'Reserve stock', { type: 'Respond', name: 'Answer' });
  await retype(editor.field('Status'), '201');
  await editor.inspector.getByRole('button', { name: 'Remove ok' }).click();
  await addFields(editor, 'Body', {
    order: '=steps.map',
    lines: '=steps.each.results',
    reservation: '=steps.http.body.id',
    payment: '=steps.http2.body.id',
  });
  await connect(editor, 'Charge card', { to: 'Answer' });
}

async function undoTheFirstCall(editor: Editor): Promise<void> {
  await open(editor, 'Reserve stock');
  await openSection(editor, 'Options');
  await editor.choose(UNDO, /^New step…/);
  await pick(editor, { type: 'HTTP request', name: 'Release stock' });
  await expect(editor.node('Release stock')).toHaveAccessibleName(/, undoes Reserve stock/);
  await fillCall(editor, '/release', '=steps.http.body');
}

async function sendSmallOrder(page: Page, hookUrl: string): Promise<void> {
  const order = { number: 'O-1', lines: [line('pen', 3, 2.5), line('ink', 1, 12)] };
  const reply = await send(hookUrl, order);
  expect(reply.status).toBe(201);
  expect(reply.body).toEqual({
    order: { number: 'O-1', total: 19.5 },
    lines: [
      { sku: 'pen', amount: 7.5 },
      { sku: 'ink', amount: 12 },
    ],
    reservation: 'reservation of O-1',
    payment: 'payment of O-1',
  });
  expect(ledger('O-1')).toEqual(['POST /charge', 'POST /reserve']);
  expect((await site.call(`GET /approvals?run=${reply.runId}`)).data).toEqual([]);
  const run = await site.call(`GET /runs/${reply.runId}`);
  expect(run).toMatchObject({ status: 'succeeded', output: reply.body, compensation: null });

  await page.goto(site.url(`/runs/${reply.runId}`));
  await expect(page.locator('header').getByText('Succeeded')).toBeVisible();
  await expectStates(page, { Approval: 'skipped', 'Reserve stock': 'succeeded', Answer: 'succeeded' });
  await expectStates(page, { 'Turned down': 'skipped', 'Charge card': 'succeeded' });
  await expectPricedBySubFlow(page);
}

/** From the step in the loop there is a way to the run that it called. */
async function expectPricedBySubFlow(page: Page): Promise<void> {
  const details = page.getByRole('complementary', { name: 'Details' });
  await node(page, 'Each line').click({ position: LOOP_HEADER });
  await expect(details.getByText('2 of 2 done')).toBeVisible();
  await details.getByRole('combobox', { name: 'Items shown' }).click();
  await page.getByRole('option', { name: 'All items' }).click();
  await details.getByRole('list', { name: 'Items' }).getByRole('button', { name: /#1/ }).click();
  await details.getByRole('link', { name: /run/i }).first().click();
  await expect(page.getByRole('heading', { name: 'Price of a line' })).toBeVisible();
  await expect(page.getByText('Called by')).toBeVisible();
}

async function sendLargeOrder(page: Page, hookUrl: string): Promise<void> {
  const sent = send(hookUrl, { number: 'O-2', lines: [line('desk', 2, 600), line('lamp', 1, 50)] });
  await page.goto(site.url('/approvals'));
  await expect(page.getByRole('heading', { name: 'Send order O-2 over 1250 €?' })).toBeVisible();
  expect(ledger('O-2')).toEqual([]);
  await page.getByRole('button', { name: 'Approve: Send order O-2 over 1250 €?' }).click();
  const reply = await sent;
  expect(reply).toMatchObject({ status: 201, body: { order: { number: 'O-2', total: 1250 } } });
  expect(ledger('O-2')).toEqual(['POST /charge', 'POST /reserve']);
  await expect(page.getByRole('heading', { name: 'Nothing waits for a decision' })).toBeVisible();
  expect((await site.call(`GET /approvals?run=${reply.runId}`)).data).toMatchObject([{ status: 'approved' }]);

  await page.goto(site.url(`/runs/${reply.runId}`));
  await expect(page.locator('header').getByText('Succeeded')).toBeVisible();
  await expectStates(page, { Approval: 'succeeded', Agreed: 'succeeded', 'Turned down': 'skipped' });
}

async function sendRefusedOrder(page: Page, hookUrl: string): Promise<void> {
  const reply = await send(hookUrl, { number: 'O-3', lines: [line('desk', 1, 600)] });
  // Why it failed is not the sender's business.
  expect(reply).toMatchObject({ status: 500, body: { runId: reply.runId, status: 'failed' } });
  expect(JSON.stringify(reply.body)).not.toContain('declined');

  await page.goto(site.url(`/runs/${reply.runId}`));
  await expect(page.locator('header').getByText('Failed', { exact: true })).toBeVisible();
  await expect(page.locator('header').getByText('Undone', { exact: true })).toBeVisible();
  await expectStates(page, { 'Charge card': 'failed', 'Release stock': 'succeeded' });
  await expect(node(page, 'Answer')).toHaveAccessibleName('Answer, core.respond'); // never reached
  await expectUndoneOnce(reply.runId);

  const details = page.getByRole('complementary', { name: 'Details' });
  await node(page, 'Release stock').click();
  await expect(details.getByText('Undoes “Reserve stock” because the run failed.')).toBeVisible();
  await node(page, 'Reserve stock').click();
  await expect(details.getByText(/^Undone by “Release stock”/)).toBeVisible();
  await node(page, 'Charge card').click();
  await expect(details.getByRole('region', { name: 'Error' })).toContainText('answered 400');
}

async function expectUndoneOnce(runId: string): Promise<void> {
  const run = await site.call(`GET /runs/${runId}`);
  expect(run).toMatchObject({ status: 'failed', compensation: 'undone', error: { nodeId: 'http2' } });
  const [release, ...others] = site.sink.at('/release');
  expect(others).toEqual([]);
  expect(release?.json()).toEqual({ id: 'reservation of O-3' });
  const [charge, reserve] = ['/charge', '/reserve'].map((path) => callsFor('O-3', path));
  expect([charge?.length, reserve?.length]).toEqual([1, 1]);
  const keys = [charge?.[0], reserve?.[0], release].map((request) => request?.headers['idempotency-key']);
  expect(new Set(keys.filter(Boolean)).size).toBe(3);
}

async function chooseFlow(editor: Editor, name: string): Promise<void> {
  await editor.setting('Flow').getByRole('button').first().click();
  await editor.page.getByRole('option', { name: new RegExp(`^${name}`) }).click();
}

async function fillCall(editor: Editor, path: string, body: string): Promise<void> {
  await editor.choose('Method', 'POST');
  await retype(editor.field('URL'), site.sink.url + path);
  await retype(editor.field('Body'), body);
}

async function open(editor: Editor, name: string): Promise<void> {
  await editor.open(name);
  await expect(editor.inspector.getByLabel('Name of the node')).toHaveValue(name);
}

async function openSection(editor: Editor, title: string): Promise<void> {
  const section = editor.inspector.locator('details').filter({ hasText: new RegExp(`^${title}`) });
  if ((await section.getAttribute('open')) === null) await section.locator('summary').click();
}

async function connect(
  editor: Editor,
  from: string,
  { port = 'out', to }: { port?: string; to: string },
): Promise<void> {
  await showAll(editor);
  const before = await editor.edges.count();
  await editor.connect(editor.node(from), port, editor.node(to));
  await expect(editor.edges).toHaveCount(before + 1);
}

/** Lets go of an edge below a node, which opens the picker there. */
async function dragToEmptyCanvas(editor: Editor, from: string, below: string): Promise<void> {
  const { page } = editor;
  await editor.node(from).locator('[data-handleid="out"]').hover();
  const box = await editor.node(below).boundingBox();
  if (!box) throw new Error(`“${below}” is out of sight.`);
  await page.mouse.down();
  await page.mouse.move(box.x, box.y + box.height * 2.5, { steps: 12 });
  await page.mouse.up();
}

/** Publishes; the hook's URL, where the flow has one. */
async function publish(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Publish', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Publish', exact: true }).click();
  await expect(dialog.getByRole('heading', { name: 'Version 1 is published' })).toBeVisible();
  const copy = dialog.getByRole('button', { name: 'Copy URL' });
  const hasHook = await copy.isVisible();
  if (hasHook) {
    await copy.click();
    await expect(dialog.getByRole('button', { name: 'Copied' })).toBeVisible();
  }
  await dialog.getByRole('button', { name: 'Done' }).click();
  return hasHook ? page.evaluate(() => navigator.clipboard.readText()) : '';
}

interface Reply {
  readonly status: number;
  readonly body: unknown;
  readonly runId: string;
}

async function send(hookUrl: string, order: Order): Promise<Reply> {
  const headers = { 'content-type': 'application/json' };
  const reply = await fetch(hookUrl, { method: 'POST', headers, body: JSON.stringify(order) });
  const runId = reply.headers.get('patchbay-run-id');
  const body = (await reply.json()) as { runId?: string };
  return { status: reply.status, body, runId: runId ?? body.runId ?? '' };
}

const line = (sku: string, count: number, price: number) => ({ sku, count, price });

const callsFor = (number: string, path: string) =>
  site.sink.at(path).filter((request) => (request.json() as Order).number === number);

/** What the far end was asked for an order, sorted: two calls side by side arrive in either order. */
function ledger(number: string): readonly string[] {
  const calls = site.sink.requests.filter((request) => JSON.stringify(request.json()).includes(number));
  return calls.map(({ method, path }) => `${method} ${path}`).sort();
}

const node = (page: Page, name: string) => page.getByRole('group', { name: new RegExp(`^${name}, `) });

async function expectStates(page: Page, states: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, state] of Object.entries(states))
    await expect(node(page, name)).toHaveAccessibleName(new RegExp(`, ${state}$`));
}
