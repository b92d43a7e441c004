import { randomBytes } from 'node:crypto';

import type { Page } from '@playwright/test';

import { editorOf, retype, type Editor } from './support/editor.ts';
import { expect, test } from './support/e2e-test.ts';
import {
  gitHubEvent,
  gitHubExample,
  postEvent,
  shopifyEvent,
  slackEvent,
  standardWebhooksEvent,
  stripeEvent,
  type SignedEvent,
} from './support/events.ts';
import { openAsOwner } from './support/sign-in.ts';
import { useSite } from './support/use-site.ts';

const site = useSite();

/** What the flow sends on, which is what its Map node makes of an event. */
interface Mapped {
  readonly id: string;
  readonly what: string | null;
  readonly from: string;
}

/** One service: how it signs, and the expressions that find the three mapped fields in its events. */
interface Dialect {
  readonly scheme: string;
  readonly secret: string;
  readonly id: string;
  readonly what: string;
  readonly from: string;
  readonly deliveries: (secret: string) => Promise<readonly Delivery[]>;
}

interface Delivery {
  readonly event: SignedEvent;
  readonly branch: 'true' | 'false';
  readonly mapped: Mapped;
}

const DIALECTS: readonly Dialect[] = [
  {
    scheme: 'GitHub',
    secret: 'It is a secret to everybody',
    id: 'trigger.headers."x-github-delivery"',
    what: 'trigger.body.action',
    from: 'Repository {{ trigger.body.repository.full_name }}',
    deliveries: (secret) =>
      Promise.all([
        gitHubDelivery('issues', { action: 'opened', branch: 'true', secret }),
        gitHubDelivery('pull_request', { action: 'opened', branch: 'true', secret }),
        gitHubDelivery('push', { branch: 'false', secret }),
      ]),
  },
  {
    scheme: 'Stripe',
    secret: `whsec_${randomBytes(24).toString('hex')}`,
    id: 'trigger.body.id',
    what: 'trigger.body.type',
    from: 'Customer {{ trigger.body.data.object.customer }}',
    deliveries: async (secret) => {
      const object = { id: 'in_1', object: 'invoice', customer: 'cus_9s6XKzkNRiz8i3', amount_paid: 4200 };
      const payload = { id: 'evt_1', object: 'event', type: 'invoice.paid', data: { object } };
      const mapped = { id: 'evt_1', what: 'invoice.paid', from: 'Customer cus_9s6XKzkNRiz8i3' };
      return [{ event: stripeEvent(payload, secret), branch: 'true', mapped }];
    },
  },
  {
    scheme: 'Standard Webhooks',
    secret: `whsec_${randomBytes(24).toString('base64')}`,
    id: 'trigger.headers."webhook-id"',
    what: 'trigger.body.type',
    from: 'Contact {{ trigger.body.data.email }}',
    deliveries: async (secret) => {
      const payload = { type: 'contact.removed', data: { email: 'grace@example.com' } };
      const event = standardWebhooksEvent(payload, secret);
      const id = event.headers['webhook-id'] ?? '';
      return [
        {
          event,
          branch: 'false',
          mapped: { id, what: 'contact.removed', from: 'Contact grace@example.com' },
        },
      ];
    },
  },
  {
    scheme: 'Slack',
    secret: randomBytes(16).toString('hex'),
    id: 'trigger.body.event_id',
    what: 'trigger.body.event.type',
    from: 'Channel {{ trigger.body.event.channel }}',
    deliveries: async (secret) => {
      const event = {
        type: 'app_mention',
        user: 'U061F7AUR',
        text: 'what is the hour?',
        channel: 'C0LAN2Q65',
      };
      const payload = {
        token: 'unused',
        team_id: 'T123ABC456',
        event,
        type: 'event_callback',
        event_id: 'Ev1',
      };
      const mapped = { id: 'Ev1', what: 'app_mention', from: 'Channel C0LAN2Q65' };
      return [{ event: slackEvent(payload, secret), branch: 'true', mapped }];
    },
  },
  {
    scheme: 'Shopify',
    secret: randomBytes(16).toString('hex'),
    id: 'trigger.headers."x-shopify-webhook-id"',
    what: 'trigger.headers."x-shopify-topic"',
    from: 'Order {{ trigger.body.name }}',
    deliveries: async (secret) => {
      const event = shopifyEvent('orders/create', { id: 820982911946154500, name: '#9999 — Müller' }, secret);
      const id = event.headers['x-shopify-webhook-id'] ?? '';
      return [
        { event, branch: 'false', mapped: { id, what: 'orders/create', from: 'Order #9999 — Müller' } },
      ];
    },
  },
];

const CONDITION = 'steps.map.what in ["opened", "invoice.paid", "app_mention"]';

test('a flow drawn on the empty canvas delivers signed events of five services', async ({ page }) => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await openAsOwner(page, site, '/flows');
  const editor = await createFlow(page);
  await drawFlow(page, editor);
  await fillActions(page, editor);
  for (const dialect of DIALECTS) {
    await test.step(dialect.scheme, () => publishAndDeliver(page, { editor, dialect }));
  }
});

async function createFlow(page: Page): Promise<Editor> {
  await page.getByRole('button', { name: 'Empty flow' }).click();
  const dialog = page.getByRole('dialog', { name: 'New flow' });
  await dialog.getByLabel('Name').fill('Signed events');
  await expect(dialog.getByLabel('Slug')).toHaveValue('signed-events');
  await dialog.getByRole('button', { name: 'Create the flow' }).click();
  const editor = editorOf(page);
  await expect(editor.canvas.getByText('What starts this flow?')).toBeVisible();
  return editor;
}

/** Webhook → Map → If → two calls: each node dragged from the palette, each edge from port to port. */
async function drawFlow(page: Page, editor: Editor): Promise<void> {
  await editor.dropFromPalette('Webhook', { x: 150, y: 120 });
  await editor.dropFromPalette('Map', { x: 450, y: 120 });
  await editor.dropFromPalette('If', { x: 150, y: 340 });
  await editor.dropFromPalette('HTTP request', { x: 450, y: 260 });
  await rename(page, editor, 'Good news');
  await editor.dropFromPalette('HTTP request', { x: 450, y: 400 });
  await rename(page, editor, 'Other news');
  await expect(editor.nodes).toHaveCount(5);

  await editor.connect(editor.node('Webhook'), 'out', editor.node('Map'));
  await editor.connect(editor.node('Map'), 'out', editor.node('If'));
  await editor.connect(editor.node('If'), 'true', editor.node('Good news'));
  await editor.connect(editor.node('If'), 'false', editor.node('Other news'));
  await expect(editor.edges).toHaveCount(4);
}

async function rename(page: Page, editor: Editor, name: string): Promise<void> {
  await editor.inspector.getByLabel('Name of the node').fill(name);
  await expect(editor.node(name)).toBeVisible();
}

async function fillActions(page: Page, editor: Editor): Promise<void> {
  await editor.open('If');
  await retype(editor.field('Condition'), CONDITION);
  for (const [name, path] of [
    ['Good news', '/true'],
    ['Other news', '/false'],
  ] as const) {
    await editor.open(name);
    await editor.choose('Method', 'POST');
    await retype(editor.field('URL'), site.sink.url + path);
    await retype(editor.field('Body'), '=steps.map');
  }
  await editor.open('Map');
  for (const name of ['id', 'what', 'from']) {
    await editor.inspector.getByRole('button', { name: 'Add field' }).click();
    await page.keyboard.type(name);
  }
}

async function publishAndDeliver(
  page: Page,
  { editor, dialect }: { editor: Editor; dialect: Dialect },
): Promise<void> {
  await editor.open('Map');
  for (const name of ['id', 'what', 'from'] as const) {
    // "=" makes an expression of a text; the third field is a text with data in it.
    const text = name === 'from' ? dialect.from : `=${dialect[name]}`;
    await retype(editor.field(`Output: ${name}`), text);
  }
  await editor.open('Webhook');
  await editor.choose('Signature', dialect.scheme);
  await createConnection(page, { editor, dialect });
  await expect(editor.inspector.getByRole('combobox', { name: 'Connection', exact: true })).toHaveText(
    `${dialect.scheme} secret`,
  );
  await editor.waitUntilSaved();

  const hookUrl = await publish(page);
  for (const delivery of await dialect.deliveries(dialect.secret)) {
    await deliver(page, hookUrl, delivery);
  }
}

/** By the button in the inspector, without leaving the canvas; the step takes what was made. */
async function createConnection(
  page: Page,
  { editor, dialect }: { editor: Editor; dialect: Dialect },
): Promise<void> {
  await editor.setting('Connection').getByRole('button', { name: 'New connection' }).click();
  const dialog = page.getByRole('dialog', { name: 'Connect Signing secret' });
  await dialog.getByLabel('Name').fill(`${dialect.scheme} secret`);
  await dialog.getByRole('textbox', { name: 'Secret', exact: true }).fill(dialect.secret);
  await dialog.getByRole('button', { name: 'Create the connection' }).click();
  await expect(dialog).toBeHidden();
}

/** Publishes and returns the URL that the button copies. */
async function publish(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Publish', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Publish', exact: true }).click();
  await expect(dialog.getByRole('heading', { name: /^Version \d+ is published$/ })).toBeVisible();
  await dialog.getByRole('button', { name: 'Copy URL' }).click();
  await expect(dialog.getByRole('button', { name: 'Copied' })).toBeVisible();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toMatch(new RegExp(`^${site.product.url}/hooks/[\\w-]{20,}$`));
  await dialog.getByRole('button', { name: 'Done' }).click();
  return copied;
}

/** Posts one event; it arrives once, mapped, at the right branch, and the page of its run shows it. */
async function deliver(page: Page, hookUrl: string, { event, branch, mapped }: Delivery): Promise<void> {
  const before = site.sink.requests.length;
  const runId = await postEvent(hookUrl, event);
  const run = await page.context().newPage();
  await run.goto(site.url(`/runs/${runId}`));
  await expect(run.locator('header').getByText('Succeeded')).toBeVisible();

  const arrived = site.sink.requests.slice(before);
  expect(arrived.map(({ method, path }) => `${method} ${path}`)).toEqual([`POST /${branch}`]);
  expect(arrived[0]?.json()).toEqual(mapped);
  await expectRunOnPage(run, branch, mapped);
  await run.close();
}

async function expectRunOnPage(run: Page, branch: 'true' | 'false', mapped: Mapped): Promise<void> {
  const [taken, left] = branch === 'true' ? ['Good news', 'Other news'] : ['Other news', 'Good news'];
  const node = (name: string) => run.getByRole('group', { name: new RegExp(`^${name}, `) });
  for (const name of ['Webhook', 'Map', 'If', taken]) {
    await expect(node(name)).toHaveAccessibleName(/, succeeded$/);
    await expect(node(name).getByText(/^Succeeded · /)).toBeVisible();
  }
  await expect(node(left)).toHaveAccessibleName(/, skipped$/);
  await node('Map').click();
  const output = run.getByRole('complementary', { name: 'Details' }).getByLabel('output', { exact: true });
  await expect(output).toContainText(JSON.stringify(mapped.id));
  await expect(output).toContainText(JSON.stringify(mapped.what));
  await expect(output).toContainText(JSON.stringify(mapped.from));
}

async function gitHubDelivery(
  name: string,
  { action, branch, secret }: { action?: string; branch: 'true' | 'false'; secret: string },
): Promise<Delivery> {
  const payload = gitHubExample(name, action);
  const { full_name: repository } = payload['repository'] as { full_name: string };
  const event = await gitHubEvent(name, payload, secret);
  const id = event.headers['x-github-delivery'] ?? '';
  return { event, branch, mapped: { id, what: action ?? null, from: `Repository ${repository}` } };
}
