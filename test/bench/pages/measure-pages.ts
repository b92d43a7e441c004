import type { Browser, BrowserContext, Page } from '@playwright/test';

import { countScripts } from '#test/support/count-scripts.ts';
import { startProduct, type Product } from '#test/support/product.ts';

import { launchBrowser, signIn } from '../bench-browser.ts';
import { benchFlow, BENCH_FLOW } from '../canvas/bench-flow.ts';
import { describeMachine } from '../report.ts';

const ROUNDS = 3;
/** The main thread is free for input when it had no long task for this long, in milliseconds. */
const QUIET_MS = 1_000;

interface Measured {
  readonly name: string;
  readonly path: string;
  /** What the page is there for: it can be used once this is seen. */
  readonly isThere: (page: Page) => Promise<unknown>;
}

const PAGES: readonly Measured[] = [
  {
    name: 'home',
    path: '/',
    isThere: (page) => page.getByRole('heading', { name: 'Home', exact: true }).waitFor(),
  },
  {
    name: 'runs',
    path: '/runs',
    isThere: (page) => page.getByLabel('Search runs').waitFor(),
  },
  {
    name: 'canvas',
    path: `/flows/${BENCH_FLOW}`,
    isThere: (page) =>
      page
        .getByRole('region', { name: /^Flow canvas/ })
        .getByRole('group')
        .first()
        .waitFor(),
  },
];

/**
 * `npm run bench -- pages`: the first visit of pages of the built product in a real Chromium with nothing cached. Compressed kilobytes of
 * JavaScript as they came over the wire, all of it and what came before the page could be used; milliseconds until what the page is there
 * for is seen, and until the main thread is free for input as well.
 */
export async function measurePages(): Promise<void> {
  const product = await startProduct({ durable: true });
  const browser = await launchBrowser();
  try {
    const { cookies } = await signedIn(browser, product);
    await putFlow(product);
    for (let round = 1; round <= ROUNDS; round += 1)
      for (const measured of PAGES) {
        const figures = await firstVisit(browser, product, { measured, cookies });
        process.stdout.write(
          `${JSON.stringify({ scenario: `first visit of ${measured.name}`, round, ...figures, machine: describeMachine() })}\n`,
        );
      }
  } finally {
    await browser.close();
    await product.stop();
  }
}

type Cookies = Awaited<ReturnType<BrowserContext['cookies']>>;

async function signedIn(browser: Browser, product: Product): Promise<{ readonly cookies: Cookies }> {
  const context = await browser.newContext({ baseURL: product.url });
  await signIn(await context.newPage(), product);
  const cookies = await context.cookies();
  await context.close();
  return { cookies };
}

async function putFlow(product: Product): Promise<void> {
  const reply = await fetch(`${product.url}/api/v1/flows/${BENCH_FLOW}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${product.apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify(benchFlow(10)),
  });
  if (!reply.ok) throw new Error(`The flow was refused: ${await reply.text()}`);
}

/** In a browser window of its own, so that nothing is cached. */
async function firstVisit(
  browser: Browser,
  product: Product,
  { measured, cookies }: { readonly measured: Measured; readonly cookies: Cookies },
) {
  const context = await browser.newContext({ baseURL: product.url, viewport: { width: 1440, height: 900 } });
  await context.addCookies(cookies);
  const page = await context.newPage();
  try {
    await page.addInitScript(recordLongTasks);
    const scripts = await countScripts(page);
    const began = performance.now();
    await page.goto(measured.path, { waitUntil: 'commit' });
    await measured.isThere(page);
    const seenMs = Math.round(performance.now() - began);
    const seenBytes = scripts.bytes();
    const freeMs = await page.waitForFunction(freeSince, QUIET_MS).then((handle) => handle.jsonValue());
    return {
      scriptsKb: kilobytes(scripts.bytes()),
      scriptsUntilSeenKb: kilobytes(seenBytes),
      seenMs,
      interactiveMs: Math.max(seenMs, Math.round(freeMs)),
    };
  } finally {
    await context.close();
  }
}

function recordLongTasks(): void {
  const ends: number[] = [];
  (window as unknown as { longTaskEnds: number[] }).longTaskEnds = ends;
  new PerformanceObserver((list) => {
    ends.push(...list.getEntries().map(({ startTime, duration }) => startTime + duration));
  }).observe({ type: 'longtask', buffered: true });
}

/** The end of the last long task since the page was asked for, once none came for a while; 0 is "not yet" to who asks, so at least 1. */
function freeSince(quietMs: number): number {
  const { longTaskEnds } = window as unknown as { longTaskEnds: number[] };
  const last = longTaskEnds.at(-1) ?? 0;
  return performance.now() - last > quietMs ? Math.max(1, last) : 0;
}

function kilobytes(bytes: number): number {
  return Math.round(bytes / 100) / 10;
}
