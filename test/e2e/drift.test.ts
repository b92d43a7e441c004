import { AxeBuilder } from '@axe-core/playwright';

import type { FlowDocument } from '#core/flow-document.ts';
import { query } from '#test/support/query.ts';

import { expect, test } from './support/e2e-test.ts';
import { openAsOwner } from './support/sign-in.ts';
import { useSite } from './support/use-site.ts';

const site = useSite();
const ORDER = { id: 7, customer: { email: 'ada@example.com', name: 'Ada' }, total: 12.5 };

const flow = (output: Record<string, unknown>) =>
  ({
    format: 1,
    name: 'Order mails',
    slug: 'order-mails',
    nodes: [
      {
        id: 'hook',
        type: 'core.webhook',
        version: 1,
        config: { onDrift: 'quarantine' },
        position: { x: 0, y: 0 },
      },
      {
        id: 'mail',
        type: 'core.map',
        version: 1,
        label: 'Mail',
        config: { output },
        position: { x: 320, y: 0 },
      },
    ],
    edges: [{ from: 'hook', to: 'mail' }],
  }) as unknown as FlowDocument;

test('a field that goes missing is shown with the pill that it breaks; its events are accepted and replayed', async ({
  page,
}) => {
  const to = { $expr: 'trigger.body.customer.email' };
  await site.call('PUT /flows/order-mails', flow({ to }));
  const { hookUrl } = await site.call('POST /flows/order-mails/publish', {});
  const post = async (body: unknown) => {
    const headers = { 'content-type': 'application/json' };
    const reply = await fetch(hookUrl as string, { method: 'POST', headers, body: JSON.stringify(body) });
    return ((await reply.json()) as { runId: string | null }).runId;
  };
  for (let sent = 0; sent < 20; sent += 1) await post({ ...ORDER, id: sent });
  await expect
    .poll(() => query(site.product.databaseUrl, 'SELECT samples FROM contract'), { timeout: 30_000 })
    .toEqual([{ samples: 20 }]);
  // What was learned by now is pinned.
  await site.call('PUT /flows/order-mails', flow({ to, id: { $expr: 'trigger.body.id' } }));
  await site.call('POST /flows/order-mails/publish', {});

  const changed = { ...ORDER, customer: { mail: 'ada@example.com', name: 'Ada' } };
  await expect.poll(() => post(changed)).toBeNull();
  await expect.poll(async () => (await site.call('GET /drift')).data.length, { timeout: 30_000 }).toBe(2);

  await openAsOwner(page, site, '/');
  await page.getByRole('link', { name: /^Order mails: customer.email is missing/ }).click();
  const drift = page.getByRole('region', { name: 'Drift of Order mails' });
  await expect(drift.getByText('customer.email is missing; mail looks like it')).toBeVisible();
  await expect(drift.getByText('customer.mail is new (a text)')).toBeVisible();
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  }

  await drift.getByRole('link', { name: 'Mail trigger.body.customer.email' }).click();
  await expect(page).toHaveURL(/\/flows\/order-mails\?node=mail/);
  await expect(page.getByRole('group', { name: /^Mail, / })).toBeVisible();
  await page.goBack();

  await drift.getByRole('button', { name: 'Accept new shape' }).click();
  await expect(page.getByRole('heading', { name: 'Everything looks as before' })).toBeVisible();
  const quarantine = page.getByRole('region', { name: 'Quarantine' });
  await quarantine.getByRole('button', { name: 'Replay', exact: true }).first().click();
  await expect(page.getByText('1 run began.')).toBeVisible();
  await expect.poll(() => post(changed)).not.toBeNull();
  const { faults, workspace } = await site.call('GET /ledger');
  expect({ drift: workspace.drift, faults }).toEqual({ drift: 0, faults: [] });
});

test('more than a page of events in quarantine is replayed as a bulk action', async ({ page }) => {
  const slug = 'held-orders';
  const config = { schema: { required: ['id'] }, onSchemaMismatch: 'quarantine' };
  const node = { id: 'hook', type: 'core.webhook', version: 1, config, position: { x: 0, y: 0 } };
  await site.call(`PUT /flows/${slug}`, { format: 1, name: 'Held orders', slug, nodes: [node], edges: [] });
  const { hookUrl } = await site.call(`POST /flows/${slug}/publish`, {});
  for (let sent = 0; sent < 55; sent += 1)
    await fetch(hookUrl as string, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ sent }),
    });

  await openAsOwner(page, site, `/drift?flow=${slug}`);
  const quarantine = page.getByRole('region', { name: 'Quarantine' });
  await quarantine.getByRole('button', { name: 'Replay all…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Replay all that is in quarantine' });
  await expect(dialog.getByText('55 events in quarantine')).toBeVisible();
  await dialog.getByRole('button', { name: 'Start the replay' }).click();
  await expect(page).toHaveURL(/\/bulk-actions\//);
  await expect(page.getByRole('heading', { name: 'Replay of 55 events in quarantine' })).toBeVisible();
  await page.getByRole('button', { name: 'Continue with the other 50' }).click();
  await expect(page.getByText('Every one got its run.')).toBeVisible({ timeout: 30_000 });
  const left = await site.call(`GET /quarantine?flow=${slug}`);
  expect(left.data).toEqual([]);
});
