import { BREAKER_LAW } from '#core/breaker.ts';
import { query } from '#test/support/query.ts';
import { waitFor } from '#test/support/wait-for.ts';

import { expect, test } from './support/e2e-test.ts';
import { openAsOwner } from './support/sign-in.ts';
import { useSite } from './support/use-site.ts';

const site = useSite();

function flowTo(url: string) {
  return {
    format: 1,
    name: 'Orders',
    slug: 'orders',
    nodes: [
      { id: 'start', type: 'core.manual', version: 1, config: {} },
      {
        id: 'post',
        type: 'http.request',
        version: 1,
        label: 'Post order',
        connection: 'erp',
        config: { method: 'POST', url },
        retry: { attempts: 1 },
        position: { x: 320, y: 0 },
      },
    ],
    edges: [{ from: 'start', to: 'post' }],
  };
}

test('a connection whose far end fails is seen held back, tried again, and given a rate budget', async ({
  page,
}) => {
  site.sink.reply('/erp', { status: 503 });
  await site.call('POST /connections', {
    slug: 'erp',
    name: 'ERP',
    connector: 'bearer_token',
    fields: { token: 't' },
  });
  await site.call('PUT /flows/orders', flowTo(`${site.sink.url}/erp`));
  await site.call('POST /flows/orders/publish', {});
  const start = () => site.call('POST /flows/orders/runs', { input: {} }) as Promise<{ id: string }>;
  for (let run = 0; run < BREAKER_LAW.failures; run++) await start();
  const held = await waitFor('a run to be held back', async () => {
    const { id } = await start();
    const run = await waitFor('it to rest', async () => {
      const { status } = (await site.call(`GET /runs/${id}`)) as { status: string };
      return ['failed', 'waiting'].includes(status) && status;
    });
    return run === 'waiting' && id;
  });

  // However slow the browser, nobody tries the far end until the page asks for it.
  await query(site.product.databaseUrl, `update breaker set paused_until = now() + interval '1 hour'`);

  await openAsOwner(page, site, '/flows/orders');
  await expect(page.getByRole('img', { name: /^Held back\. Calls are held back/ })).toBeVisible();
  await page.goto(site.url(`/runs/${held}`));
  await expect(page.getByText(/^Held back · /).first()).toBeVisible();

  await page.goto(site.url('/connections'));
  await expect(page.getByText(/^Held back, \d+ steps? waits?$/)).toBeVisible();
  await page.getByRole('button', { name: /ERP/ }).click();
  await page.getByRole('menuitem', { name: 'Edit…' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText(/It failed \d+ times in a row|One call tries/)).toBeVisible();
  site.sink.reply('/erp', {});
  await dialog.getByRole('button', { name: 'Try now' }).click();
  await expect(dialog.getByText(/^Held back/)).toBeHidden();
  await waitFor('the run to end', async () => {
    const { status } = (await site.call(`GET /runs/${held}`)) as { status: string };
    return status === 'succeeded';
  });

  await dialog.getByLabel('Calls').fill('5');
  await dialog.getByRole('button', { name: 'Save' }).click();
  // The browser asks for the other half.
  await expect(dialog.getByLabel('In seconds')).toBeFocused();
  await dialog.getByLabel('In seconds').fill('1');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText('5 calls in 1 s')).toBeVisible();
});
