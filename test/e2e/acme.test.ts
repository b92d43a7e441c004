import { waitFor } from '#test/support/wait-for.ts';

import { acmeUrl, allowAtAcme, connectAcme } from './support/connect-acme.ts';
import { expect, test } from './support/e2e-test.ts';
import { useSite } from './support/use-site.ts';

/** Tokens end while runs are under way. */
const TOKEN_SECONDS = 6;

const site = useSite({ env: { PATCHBAY_SANDBOX: 'on', ACME_TOKEN_SECONDS: String(TOKEN_SECONDS) } });

/** A person comes to be a deal, after longer than a token lives. */
const FLOW = {
  format: 1,
  name: 'Deals',
  slug: 'deals',
  nodes: [
    { id: 'start', type: 'core.manual', version: 1, position: { x: 0, y: 0 } },
    {
      id: 'person',
      type: 'acme.create_contact',
      version: 1,
      label: 'Add the person',
      connection: 'acme-of-sales',
      config: { name: { $expr: 'trigger.body.name' }, email: { $expr: 'trigger.body.email' } },
      position: { x: 320, y: 0 },
    },
    {
      id: 'pause',
      type: 'core.wait',
      version: 1,
      label: 'Think',
      config: { seconds: TOKEN_SECONDS + 2 },
      position: { x: 640, y: 0 },
    },
    {
      id: 'deal',
      type: 'acme.create_deal',
      version: 1,
      label: 'Open the deal',
      connection: 'acme-of-sales',
      config: {
        title: { $tpl: 'Deal with {{ trigger.body.name }}' },
        contactId: { $expr: 'steps.person.id' },
        amount: 100,
        stage: 'proposal',
      },
      position: { x: 960, y: 0 },
    },
  ],
  edges: [
    { from: 'start', to: 'person' },
    { from: 'person', to: 'pause' },
    { from: 'pause', to: 'deal' },
  ],
};

const begin = async (name: string): Promise<string> => {
  const email = `${name.toLowerCase().replace(' ', '.')}@example.com`;
  const run = await site.call('POST /flows/deals/runs', { input: { name, email } });
  return run.id as string;
};
const whenStep = (run: string, nodeId: string, isSo: (step: Record<string, unknown>) => boolean) =>
  waitFor(
    `the step ${nodeId}`,
    async () => {
      const { steps } = await site.call(`GET /runs/${run}`);
      const step = (steps as Record<string, unknown>[]).find((each) => each['nodeId'] === nodeId);
      return step !== undefined && isSo(step);
    },
    60_000,
  );

test('Acme is connected through its consent screen; a token that ends is renewed; one that is taken back parks the run until somebody reconnects', async ({
  page,
}) => {
  await connectAcme(page, site);
  const row = page.getByRole('row', { name: /Acme of sales/ });
  await expect(row.getByText('Ada Park', { exact: true })).toBeVisible();
  await expect(row.getByText('Works')).toBeVisible();

  await site.call('PUT /flows/deals', FLOW);
  await site.call('POST /flows/deals/publish', {});
  // Its token ends between two calls.
  const first = await begin('Mo Lund');
  await whenStep(first, 'deal', ({ status }) => status === 'succeeded');

  // Taken back while a run is under way: it waits, and says why.
  const second = await begin('Kit Vale');
  await whenStep(second, 'pause', ({ status }) => status === 'waiting');
  await page.goto(`${acmeUrl(site.product)}/apps`);
  await page
    .getByRole('button', { name: /Revoke/ })
    .first()
    .click();
  await whenStep(second, 'deal', ({ waitingFor }) => waitingFor === 'connection');
  await page.goto(site.url(`/runs/${second}`));
  await expect(page.getByText(/must be reconnected/).first()).toBeVisible();

  await page.goto(site.url('/connections'));
  await expect(page.getByText('1 connection needs somebody within a week')).toBeVisible();
  await expect(page.getByRole('link', { name: 'deals' }).first()).toBeVisible();
  await allowAtAcme(page, () => row.getByRole('button', { name: 'Reconnect' }).click());
  await expect(row.getByText('Works')).toBeVisible();
  await whenStep(second, 'deal', ({ status }) => status === 'succeeded');

  await page.goto(`${acmeUrl(site.product)}/deals`);
  await expect(page.getByRole('strong').filter({ hasText: 'Deal with Mo Lund' })).toHaveCount(1);
  await expect(page.getByRole('strong').filter({ hasText: 'Deal with Kit Vale' })).toHaveCount(1);
});
