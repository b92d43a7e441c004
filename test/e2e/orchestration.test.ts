import type { Locator, Page } from '@playwright/test';

import { centreOf, editorOf, retype, type Editor, type Spot } from './support/editor.ts';
import { expect, test } from './support/e2e-test.ts';
import { openAsOwner } from './support/sign-in.ts';
import { useSite } from './support/use-site.ts';

const site = useSite();

const schema = {
  type: 'object',
  required: ['customer', 'items'],
  properties: {
    customer: { type: 'string', title: 'Customer' },
    items: {
      type: 'array',
      title: 'Items',
      items: {
        type: 'object',
        required: ['sku', 'count'],
        properties: {
          sku: { type: 'string', title: 'Article' },
          count: { type: 'integer', title: 'How many', default: 1 },
        },
      },
    },
  },
};

/** A manual start with a schema, on an otherwise empty canvas. */
const startFlow = {
  format: 1,
  name: 'Orchestra',
  slug: 'orchestra',
  nodes: [{ id: 'manual', type: 'core.manual', version: 1, position: { x: 0, y: 0 }, config: { schema } }],
  edges: [],
};

test('a loop, a switch and code are drawn, published and run', async ({ page }) => {
  await site.call('PUT /flows/orchestra', startFlow);
  await openAsOwner(page, site, '/flows/orchestra');
  const editor = editorOf(page);
  await expect(editor.node('Manual start')).toBeVisible();

  await test.step('a loop with two steps', () => drawLoop(page, editor));
  await test.step('a switch after it', () => drawSwitch(page, editor));
  await test.step('what undoes a step', () => drawUndo(page, editor));
  await test.step('moved and tidied', () => tidyUp(page, editor));
  await editor.waitUntilSaved();
  await test.step('published', () => publish(page));
  await test.step('run by the form', () => runByForm(page));
});

test('a schedule says when it runs next, and code is completed and checked where it is written', async ({
  page,
}) => {
  await site.call('PUT /flows/nightly', {
    format: 1,
    name: 'Nightly',
    slug: 'nightly',
    nodes: [
      {
        id: 'schedule',
        type: 'core.schedule',
        version: 1,
        config: { cron: '30 9 * * 1-5', timezone: 'Europe/Berlin' },
      },
      {
        id: 'code',
        type: 'core.code',
        version: 1,
        position: { x: 320, y: 0 },
        config: { input: { customer: 'Ada', total: 250 }, code: 'export default (input) => 1;' },
      },
    ],
    edges: [{ from: 'schedule', to: 'code' }],
  });
  await openAsOwner(page, site, '/flows/nightly');
  const editor = editorOf(page);
  await editor.open('Schedule');
  const next = editor.inspector.getByRole('list', { name: 'The next times' }).getByRole('listitem');
  await expect(next).toHaveCount(5);
  for (const each of await next.all()) await expect(each).toContainText(/^(Mon|Tue|Wed|Thu|Fri), .*09:30/);

  await editor.open('Code');
  const code = editor.field('Code');
  await code.click();
  await page.keyboard.press('Control+a');
  await page.keyboard.type('export default (input) => input.');
  const offered = page.getByRole('listbox').getByRole('option');
  await expect(offered).toContainText([/customer/, /total/]);
  await page.keyboard.type('tot');
  await expect(offered).toHaveCount(1);
  await page.keyboard.press('Enter');
  await expect(code).toContainText('input.total');
  await page.keyboard.type(' +;');
  await expect(editor.inspector.locator('.cm-lintRange-error').first()).toBeVisible();
});

async function drawLoop(page: Page, editor: Editor): Promise<void> {
  await editor.dropFromPalette('For each', { x: 430, y: 200 });
  const loop = editor.node('For each');
  await retype(editor.field('Items'), 'trigger.body.items');
  await editor.connect(editor.node('Manual start'), 'out', loop);

  await loop.getByRole('button', { name: 'Add the first step' }).click();
  await page.keyboard.type('map');
  await page.keyboard.press('Enter');
  await expect(editor.node('Map')).toHaveAccessibleName(/, in For each/);
  await editor.inspector.getByRole('button', { name: 'Add field' }).click();
  await page.keyboard.type('count');
  await retype(editor.field('Output: count'), '=item.count');

  // Dropped from the palette on the body of the loop, below the first step.
  const first = await centreOf(editor.node('Map'));
  const canvas = await editor.canvas.boundingBox();
  await editor.dropFromPalette('Code', { x: first.x - (canvas?.x ?? 0), y: first.y - (canvas?.y ?? 0) + 48 });
  await expect(editor.node('Code')).toHaveAccessibleName(/, in For each/);
  await expect(loop).toHaveAccessibleName(/, 2 nodes inside/);
  await page.keyboard.press('Shift+Alt+T');
  await editor.connect(editor.node('Map'), 'out', editor.node('Code'));
  await expect(editor.edges).toHaveCount(2);

  await editor.open('Code');
  await editor.field('Code').click();
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText('export default (input) => ({ twice: input.count * 2 });');
  await retype(editor.field('Input'), '=steps.map');
  expect(await editor.overlappingNodes()).toHaveLength(2);
}

async function drawSwitch(page: Page, editor: Editor): Promise<void> {
  await editor.node('For each').getByText('For each', { exact: true }).click();
  await page.keyboard.press('a');
  await page.keyboard.type('switch');
  await page.keyboard.press('Enter');
  await expect(editor.node('Switch')).toBeVisible();
  await retype(editor.field('When'), '$sum(steps.each.results.twice) > 10');

  await editor.node('Switch').focus();
  await page.keyboard.press('Tab');
  await page.getByRole('option', { name: 'case_1' }).click();
  await page.keyboard.type('map');
  await page.keyboard.press('Enter');
  await expect(editor.canvas.getByRole('img', { name: /port case_1/ })).toHaveCount(1);
  await editor.rename('Map 2', 'Large order');
  await editor.inspector.getByRole('button', { name: 'Add field' }).click();
  await page.keyboard.type('all');
  await retype(editor.field('Output: all'), '=steps.each.results.twice');

  // The edge keeps to the port when that gets another name.
  await editor.open('Switch');
  const port = editor.inspector.getByRole('textbox', { name: 'Port' });
  await port.fill('default');
  await expect(editor.inspector.getByText('Every switch has a port “default” already.')).toBeVisible();
  await port.fill('large');
  await port.press('Enter');
  await expect(editor.canvas.getByRole('img', { name: /port large/ })).toHaveCount(1);
  await expect(editor.canvas.getByRole('img', { name: /port case_1/ })).toHaveCount(0);
}

async function drawUndo(page: Page, editor: Editor): Promise<void> {
  await editor.open('Large order');
  await editor.inspector.getByText('Options', { exact: true }).click();
  await editor.choose('If the run fails later, undo with…', /^New step…/);
  await page.keyboard.type('map');
  await page.keyboard.press('Enter');
  await expect(editor.node('Undo Large order')).toHaveAccessibleName(/, undoes Large order/);
  await expect(editor.node('Undo Large order').locator('[data-handleid="in"]')).toHaveCount(0);
}

/** Dragging the loop takes its nodes along; dragging a connected node out of it is refused, with the reason. */
async function tidyUp(page: Page, editor: Editor): Promise<void> {
  await page.keyboard.press('Shift+Alt+T');
  await page.keyboard.press('1');
  const inside = editor.node('Code');
  const before = await restingCentreOf(inside);
  await drag(page, editor.node('For each').getByText('For each', { exact: true }), { x: 0, y: 60 });
  await expect.poll(async () => (await centreOf(inside)).y).toBeGreaterThan(before.y + 30);
  await drag(page, inside, { x: 0, y: 260 });
  await expect(page.getByText(/no edge can lead into a loop or out of it/)).toBeVisible();
  await expect(inside).toHaveAccessibleName(/, in For each/);
}

/** Where it is once the view has come to rest. */
async function restingCentreOf(what: Locator): Promise<Spot> {
  let last = await centreOf(what);
  await expect
    .poll(
      async () => {
        const before = last;
        last = await centreOf(what);
        return last.x === before.x && last.y === before.y;
      },
      { intervals: [400] },
    )
    .toBe(true);
  return last;
}

async function drag(page: Page, what: Locator, by: Spot): Promise<void> {
  const { x, y } = await centreOf(what);
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + by.x, y + by.y, { steps: 8 });
  await page.mouse.up();
}

async function publish(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Publish', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Publish', exact: true }).click();
  await expect(dialog.getByRole('heading', { name: 'Version 1 is published' })).toBeVisible();
  await dialog.getByRole('button', { name: 'Done' }).click();
}

async function runByForm(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Test run' }).click();
  const dialog = page.getByRole('dialog', { name: 'Test run' });
  await dialog.getByRole('textbox', { name: 'Customer', exact: true }).click();
  await page.keyboard.type('c_42');
  for (const [index, count] of [4, 5].entries()) {
    await dialog.getByRole('button', { name: 'Add', exact: true }).click();
    await dialog.getByRole('textbox', { name: 'Article' }).nth(index).click();
    await page.keyboard.type(`A${index}`);
    await dialog.getByRole('textbox', { name: 'How many' }).nth(index).fill(String(count));
  }
  // The same input as JSON, and back: nothing is lost on the way.
  await dialog.getByRole('button', { name: 'Write the whole input as JSON' }).click();
  await expect(dialog.getByRole('textbox', { name: 'Input' })).toContainText('"sku": "A1"');
  await dialog.getByRole('button', { name: 'Fill in the form' }).click();
  await expect(dialog.getByRole('textbox', { name: 'How many' }).nth(1)).toHaveValue('5');

  await dialog.getByRole('button', { name: 'Run and open it' }).click();
  await page.waitForURL(/\/runs\//);
  await expect(page.locator('header').getByText('Succeeded')).toBeVisible();
  const id = page.url().split('/').at(-1) ?? '';
  const run = await site.call(`GET /runs/${id}`);
  expect(run.output).toEqual({ all: [8, 10] });
}
