import type { Browser, Page } from '@playwright/test';

import { startProduct, type Product } from '#test/support/product.ts';

import { launchBrowser, signIn } from '../bench-browser.ts';
import { describeMachine, percentiles } from '../report.ts';
import { BENCH_FLOW, benchFlow } from './bench-flow.ts';
import { watchPage, type Watched } from './watch-page.ts';

const ROUNDS = 3;
/** A hand moves the mouse about this often, in milliseconds. */
const HAND_MS = 16;

/**
 * `npm run bench -- canvas`: a flow of 300 nodes in the built product and a real Chromium. Times in milliseconds: to open it, of a frame
 * while a node is dragged, the view is moved, and zoomed, of the longest task of the main thread while typing, to the saved draft.
 */
export async function measureCanvas(nodes: number): Promise<void> {
  const product = await startProduct({ durable: true });
  const browser = await launchBrowser();
  try {
    await putFlow(product, nodes);
    for (let round = 1; round <= ROUNDS; round += 1) {
      const figures = await measureOnce(browser, product);
      process.stdout.write(
        `${JSON.stringify({ scenario: `canvas, ${nodes} nodes`, round, ...figures, machine: describeMachine() })}\n`,
      );
    }
  } finally {
    await browser.close();
    await product.stop();
  }
}

async function putFlow(product: Product, nodes: number): Promise<void> {
  const reply = await fetch(`${product.url}/api/v1/flows/${BENCH_FLOW}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${product.apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify(benchFlow(nodes)),
  });
  if (!reply.ok) throw new Error(`The flow was refused: ${await reply.text()}`);
}

async function measureOnce(browser: Browser, product: Product): Promise<Record<string, unknown>> {
  const context = await browser.newContext({
    baseURL: product.url,
    viewport: { width: 1440, height: 900 },
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  try {
    await signIn(page, product);
    const openMs = await open(page);
    const watched = await watchPage(page);
    const idle = await watched.during(() => page.waitForTimeout(1_000));
    const drag = await watched.during(() => dragNode(page));
    const pan = await watched.during(() => moveView(page));
    const zoom = await watched.during(() => zoomView(page));
    const { typing, saveMs } = await typeInField(page, watched);
    return {
      openMs,
      idleFrameMs: frameTimes(idle.frames),
      dragFrameMs: frameTimes(drag.frames),
      panFrameMs: frameTimes(pan.frames),
      zoomFrameMs: frameTimes(zoom.frames),
      typing: {
        letters: LETTERS.length,
        longestTaskMs: Math.max(0, ...typing.longTasks),
        tasksOver100Ms: typing.longTasks.filter((ms) => ms > 100).length,
        frameMs: frameTimes(typing.frames),
      },
      saveMs,
    };
  } finally {
    await context.close();
  }
}

/** From the request of the page to the canvas with its nodes and the settings of one of them. */
async function open(page: Page): Promise<number> {
  const began = performance.now();
  await page.goto(`/flows/${BENCH_FLOW}?node=s150`);
  await node(page, 'Step 150').waitFor();
  await page.getByLabel('Name of the node').waitFor();
  await page.waitForFunction(
    () =>
      new Promise((done) => {
        requestAnimationFrame(() => requestAnimationFrame(() => done(true)));
      }),
  );
  return Math.round(performance.now() - began);
}

/** Of frames, in milliseconds: what most took, and the longest. */
function frameTimes(frames: readonly number[]) {
  return { ...percentiles(frames), max: Math.round(Math.max(0, ...frames)) };
}

const node = (page: Page, name: string) =>
  page.getByRole('region', { name: /^Flow canvas/ }).getByRole('group', { name: new RegExp(`^${name}, `) });

async function dragNode(page: Page): Promise<void> {
  const box = await node(page, 'Step 150').boundingBox();
  if (!box) throw new Error('The node to drag is not in the view.');
  const [x, y] = [box.x + box.width / 2, box.y + 12];
  await page.mouse.move(x, y);
  await page.mouse.down();
  for (let step = 1; step <= 100; step += 1) {
    await page.mouse.move(x + 90 * Math.sin(step / 8), y + 60 * Math.sin(step / 5));
    await page.waitForTimeout(HAND_MS);
  }
  await page.mouse.up();
}

/** With the wheel, as on a touchpad. */
async function moveView(page: Page): Promise<void> {
  await page.mouse.move(620, 760);
  for (let step = 1; step <= 100; step += 1) {
    await page.mouse.wheel(30 * Math.sin(step / 8), 30 * Math.cos(step / 8));
    await page.waitForTimeout(HAND_MS);
  }
}

/** From near to far, where all 300 nodes are in the view, and back. */
async function zoomView(page: Page): Promise<void> {
  await page.mouse.move(620, 450);
  await page.keyboard.down('Control');
  for (let step = 1; step <= 100; step += 1) {
    await page.mouse.wheel(0, step <= 50 ? 24 : -24);
    await page.waitForTimeout(HAND_MS);
  }
  await page.keyboard.up('Control');
}

const LETTERS = 'Ship the order to the customer, then tell them.';

/** The time to the saved draft begins with the last letter, and has the pause in it that waits for more of them. */
async function typeInField(page: Page, watched: Watched) {
  const name = page.getByLabel('Name of the node');
  await name.click();
  await name.press('End');
  const field = page.getByRole('complementary', { name: 'Settings' }).getByRole('textbox', { name: 'URL' });
  await field.click();
  const typing = await watched.during(() => page.keyboard.type(LETTERS, { delay: 40 }));
  const began = performance.now();
  await page.getByRole('main').getByText('Saved', { exact: true }).waitFor();
  return { typing, saveMs: Math.round(performance.now() - began) };
}
