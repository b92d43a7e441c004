import type pg from 'pg';

import type { Product } from '#test/support/product.ts';
import { waitFor } from '#test/support/wait-for.ts';

import { publishFlow, publishHook, type Drawing } from '../systems/call-product.ts';
import { flowOf } from '../systems/patchbay.ts';
import { copyWaiting } from './copy-waiting.ts';

/** Of each ten flows one waits in its middle, and one has a schedule. */
const KINDS = ['waits', 'clock', 'call', 'call', 'call', 'call', 'call', 'call', 'call', 'call'] as const;
const PUBLISHED_AT_ONCE = 4;
const WAITS_SECONDS = 7 * 86_400;

/**
 * Publishes so many flows, and fills in so many runs that wait for days. Of each flow that waits the product itself carries one run to
 * where it waits; the others are copies of all rows of that one.
 */
export async function fillIdle(
  { product, db, farEndUrl }: { product: Product; db: pg.Client; farEndUrl: string },
  wanted: { readonly flows: number; readonly waiting: number },
): Promise<void> {
  const waiting = await publishAll(product, wanted.flows, farEndUrl);
  for (const hook of waiting) await send(hook);
  await waitFor('the first runs to wait', async () => (await countWaiting(db)) === waiting.length);
  await copyWaiting(db, { count: wanted.waiting - waiting.length, dueInSeconds: WAITS_SECONDS });
}

export async function countWaiting(db: pg.Client): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    `select count(*)::int as count from run where status = 'waiting'`,
  );
  return rows[0]!.count;
}

/** Resolves to the hooks of those that wait. */
async function publishAll(product: Product, count: number, farEndUrl: string): Promise<readonly string[]> {
  const drawn = drawings(farEndUrl);
  const left = Array.from({ length: count }, (_, index) => index);
  const hooks: string[] = [];
  const publishSome = async (): Promise<void> => {
    for (let index = left.shift(); index !== undefined; index = left.shift()) {
      const kind = KINDS[index % KINDS.length]!;
      const slug = `${kind}-${index}`;
      if (kind === 'waits') hooks.push(await publishHook(product, slug, drawn[kind]));
      else await publishFlow(product, slug, drawn[kind]);
    }
  };
  await Promise.all(Array.from({ length: PUBLISHED_AT_ONCE }, publishSome));
  return hooks;
}

function drawings(farEndUrl: string): Readonly<Record<(typeof KINDS)[number], Drawing>> {
  const post = (body: unknown) => ({
    id: 'post',
    type: 'http.request',
    version: 1,
    config: { method: 'POST', url: farEndUrl, body },
  });
  return {
    call: flowOf('call', farEndUrl),
    waits: {
      nodes: [
        { id: 'hook', type: 'core.webhook', version: 1, config: {} },
        { id: 'wait', type: 'core.wait', version: 1, config: { seconds: WAITS_SECONDS } },
        post({ id: { $expr: 'run.id' } }),
      ],
      edges: [
        { from: 'hook', to: 'wait' },
        { from: 'wait', to: 'post' },
      ],
    },
    clock: {
      nodes: [
        { id: 'clock', type: 'core.schedule', version: 1, config: { cron: '0 3 1 1 *', timezone: 'UTC' } },
        post({ $expr: 'trigger' }),
      ],
      edges: [{ from: 'clock', to: 'post' }],
    },
  };
}

async function send(url: string): Promise<void> {
  const reply = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"number":1}',
  });
  if (!reply.ok) throw new Error(`An event was answered with ${reply.status}: ${await reply.text()}`);
}
