/**
 * npm run screenshots: starts the product, makes flows and real runs in it, and photographs every page and state into
 * docs/screens, in light and dark, wide and narrow, with an index. PATCHBAY_CHROMIUM names the browser,
 * PATCHBAY_SCREENSHOTS another folder. `-- pages`, `-- editor`, `-- connections`, `-- empty` or `-- walk` takes one part alone, and
 * leaves the index as it is. Exit code 1 when a state could not be reached.
 */
import { chromium, type Browser } from '@playwright/test';

import { startProduct } from '#test/support/product.ts';
import { startSink } from '#test/support/sink.ts';

import { openPage, photograph, type Album } from './camera.ts';
import { photographConnections } from './connections.ts';
import { editorAlbum } from './editor-states.ts';
import { emptyAlbum, setUpAlbum, signInAlbum } from './first-states.ts';
import { pagesAlbum } from './page-states.ts';
import { seedWorkspace } from './seed.ts';
import { signInAsOwner } from './sign-in-as-owner.ts';
import { photographWalk } from './walk.ts';
import { writeIndex } from './write-index.ts';

interface Taken {
  readonly albums: readonly Album[];
  readonly missed: readonly string[];
}

const PARTS: Readonly<Record<string, (browser: Browser) => Promise<Taken>>> = {
  empty: photographEmpty,
  pages: (browser) => photographSeeded(browser, 'pages'),
  editor: (browser) => photographSeeded(browser, 'editor'),
  connections: photographConnections,
  walk: async (browser) => {
    await photographWalk(browser);
    return { albums: [], missed: [] };
  },
};

await main(process.argv[2]);

async function main(only: string | undefined): Promise<void> {
  const parts = only === undefined ? Object.values(PARTS) : [PARTS[only]];
  const browser = await chromium.launch({
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'],
    ...(process.env['PATCHBAY_CHROMIUM'] ? { executablePath: process.env['PATCHBAY_CHROMIUM'] } : {}),
  });
  const albums: Album[] = [];
  const missed: string[] = [];
  try {
    for (const part of parts) {
      if (!part) throw new Error(`There is no part ${only}: choose of ${Object.keys(PARTS).join(', ')}.`);
      const taken = await part(browser);
      albums.push(...taken.albums);
      missed.push(...taken.missed);
    }
  } finally {
    await browser.close();
  }
  if (only === undefined) await writeIndex(albums);
  for (const each of missed) process.stderr.write(`Not reached: ${each}\n`);
  process.exitCode = missed.length > 0 ? 1 : 0;
}

/** The first visit, and what every page says before there is anything on it. */
async function photographEmpty(browser: Browser): Promise<Taken> {
  const first = await startProduct({
    durable: true,
    env: {
      PATCHBAY_OWNER_EMAIL: undefined,
      PATCHBAY_OWNER_PASSWORD: undefined,
      PATCHBAY_OWNER_API_KEY: undefined,
    },
  });
  const missed = [...(await photograph(browser, setUpAlbum, { url: first.url }))];
  await first.stop();
  const product = await startProduct({ durable: true });
  try {
    missed.push(...(await photograph(browser, signInAlbum, { url: product.url })));
    const owner = await openPage(browser, product.url, 'light');
    await signInAsOwner(owner, product);
    const cookies = await owner.context().cookies();
    missed.push(...(await photograph(browser, emptyAlbum, { url: product.url, cookies })));
  } finally {
    await product.stop();
  }
  return { albums: [setUpAlbum, signInAlbum, emptyAlbum], missed };
}

async function photographSeeded(browser: Browser, part: 'pages' | 'editor'): Promise<Taken> {
  const farEnd = await startSink();
  const product = await startProduct({ durable: true });
  try {
    const seeded = await seedWorkspace(product, farEnd);
    const album = part === 'pages' ? pagesAlbum(seeded) : editorAlbum(seeded);
    const owner = await openPage(browser, product.url, 'light');
    await signInAsOwner(owner, product);
    const cookies = await owner.context().cookies();
    const missed = await photograph(browser, album, { url: product.url, cookies });
    return { albums: [album], missed };
  } finally {
    await product.stop();
    await farEnd.stop();
  }
}
