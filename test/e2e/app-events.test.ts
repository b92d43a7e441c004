import { createHmac } from 'node:crypto';

import { query } from '#test/support/query.ts';

import { addViewer } from './support/add-viewer.ts';
import { expect, test } from './support/e2e-test.ts';
import { openAsOwner, signIn } from './support/sign-in.ts';
import { useSite } from './support/use-site.ts';

const site = useSite();

const SECRET = '8f742231b10e8888abcd99yyyzzz85a5';
const TEAM = 'T_OURS';

const FLOW = {
  format: 1,
  name: 'Answers',
  slug: 'answers',
  nodes: [
    {
      id: 'event',
      type: 'slack.message_posted',
      version: 1,
      label: 'Message',
      connection: 'slack-of-ours',
      position: { x: 0, y: 0 },
    },
    {
      id: 'words',
      type: 'core.map',
      version: 1,
      config: { output: { $tpl: 'They wrote: {{ trigger.body.text }}' } },
      position: { x: 320, y: 0 },
    },
  ],
  edges: [{ from: 'event', to: 'words' }],
};

/** Stores a connection as consent at Slack would have: nobody can grant it here. */
async function connectSlack(): Promise<void> {
  await site.call('PUT /oauth-apps/slack', { clientId: 'app', clientSecret: 'secret' });
  await site.call('POST /connections', { slug: 'slack-of-ours', connector: 'slack', owner: 'workspace' });
  await query(
    site.product.databaseUrl,
    `update connection set status = 'ok', account_id = $1, token_version = 1 where slug = 'slack-of-ours'`,
    [TEAM],
  );
}

/** Sends what Slack sends, signed as Slack signs it. */
async function send(address: string, text: string): Promise<Response> {
  const body = JSON.stringify({
    type: 'event_callback',
    team_id: TEAM,
    event_id: 'Ev1',
    event: { type: 'message', channel: 'C0123456789', user: 'U1', text, ts: '1.2' },
    authorizations: [{ team_id: TEAM, user_id: 'U_APP', is_bot: true }],
  });
  const time = String(Math.floor(Date.now() / 1_000));
  const digest = createHmac('sha256', SECRET).update(`v0:${time}:${body}`).digest('hex');
  const headers = {
    'content-type': 'application/json',
    'x-slack-request-timestamp': time,
    'x-slack-signature': `v0=${digest}`,
  };
  return fetch(address, { method: 'POST', headers, body });
}

test('the trigger says that events are not set up; the owner does it, and a signed event starts a run', async ({
  page,
}) => {
  await connectSlack();
  await site.call('PUT /flows/answers', FLOW);
  await site.call('POST /flows/answers/publish', {});
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await openAsOwner(page, site, '/flows/answers?node=event');
  await expect(page.getByRole('note')).toContainText('Slack does not send its events here yet');
  await page.getByRole('link', { name: 'Set up the events of Slack' }).click();

  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Make the address' }).click();
  await expect(dialog.getByText('Secret missing')).toBeVisible();
  await dialog.getByRole('button', { name: 'Copy the address' }).click();
  await expect(dialog.getByRole('button', { name: 'Copied' })).toBeVisible();
  const address = await page.evaluate(() => navigator.clipboard.readText());
  expect(address).toContain(`${site.product.url}/hooks/apps/slack/`);
  expect((await send(address, 'too early')).status).toBe(401);

  await dialog.getByRole('textbox', { name: 'Signing secret' }).fill(SECRET);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog.getByText('Nothing yet')).toBeVisible();
  expect((await send(address, 'hello')).status).toBe(200);
  await expect(dialog.getByText(/Last heard from/)).toBeVisible();
  await dialog.getByRole('button', { name: 'Done' }).click();
  expect(await page.content()).not.toContain(SECRET);

  await page.goto(site.url('/runs?flow=answers'));
  await expect(page.getByText('Succeeded').first()).toBeVisible({ timeout: 30_000 });
  const { data } = await site.call('GET /runs?flow=answers');
  expect(await site.call(`GET /runs/${data[0].id}`)).toMatchObject({ output: 'They wrote: hello' });
});

test('an address is removed after a question, and what comes there is refused', async ({ page }) => {
  const { url } = await site.call('PUT /app-hooks/slack', { secret: SECRET });
  await openAsOwner(page, site, '/connections/events');
  await page.getByRole('button', { name: 'Set up the events of Slack' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove…' }).click();
  const question = page.getByRole('alertdialog');
  await expect(question).toContainText('another address');
  await question.getByRole('button', { name: 'Remove the address' }).click();
  await expect(question).toBeHidden();
  await expect(page.getByRole('button', { name: 'Make the address' })).toBeVisible();
  expect((await send(url, 'nobody is there')).status).toBe(404);
});

test('a viewer finds no way to set it up', async ({ page }) => {
  await site.call('PUT /flows/seen', { ...FLOW, slug: 'seen' });
  const email = await addViewer(site);
  await signIn(page, site, email);
  await page.goto(site.url('/connections'));
  await expect(page.getByRole('heading', { name: 'Connections' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'App events' })).toHaveCount(0);
  for (const path of ['/connections/events', '/connections/apps']) {
    await page.goto(site.url(path));
    await expect(page.getByRole('heading', { name: 'Not for your role' })).toBeVisible();
  }
  await page.goto(site.url('/flows/seen?node=event'));
  await expect(page.getByRole('note')).toContainText('An admin sets that up');
  await expect(page.getByRole('link', { name: 'Set up the events of Slack' })).toHaveCount(0);
});
