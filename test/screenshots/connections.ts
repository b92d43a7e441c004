import type { Browser, Page } from '@playwright/test';

import { acmeUrl, allowAtAcme } from '#test/e2e/support/connect-acme.ts';
import { startProduct, type Product } from '#test/support/product.ts';

import { NARROW, openPage, settle, shoot, THEMES, WIDE } from './camera.ts';
import { seedConnections, type ConnectionsSeeded } from './seed-connections.ts';

/** Those that the guides show; all others are for whoever looks at every state. */
const SHOWN = new Set([
  'connections',
  'connection-new',
  'app-events',
  'run-parked',
  'canvas-app-action',
  'connect-link',
]);
/** A state that cannot be reached is told and photographed as it is. */
const PREPARE_MS = 6_000;
const TAKES_ALL = process.env['PATCHBAY_SCREENSHOTS'] !== undefined;

/** One state of a page: how to get there from anywhere. */
interface State {
  readonly name: string;
  readonly path: string;
  readonly prepare?: (page: Page) => Promise<void>;
}

/** Photographs what connections have pages for: with the sandbox app, real consents and a run that waits. */
export async function photographConnections(browser: Browser): Promise<void> {
  const product = await startProduct({ durable: true, env: { PATCHBAY_SANDBOX: 'on' } });
  try {
    const owner = await openPage(browser, product.url, 'light');
    await signIn(owner, product);
    if (TAKES_ALL)
      await photograph(browser, owner, [
        { name: 'connections-empty', path: '/connections' },
        { name: 'oauth-apps-none', path: '/connections/apps' },
        { name: 'app-events-none', path: '/connections/events' },
      ]);
    const seeded = await seedConnections(product, {
      connect: (name) => connect(owner, name),
      revoke: async () => {
        await owner.goto(`${acmeUrl(product)}/apps`);
        await owner
          .getByRole('button', { name: /Revoke/ })
          .first()
          .click();
        await settle(owner);
      },
    });
    await photograph(browser, owner, statesOf(product, seeded));
  } finally {
    await product.stop();
  }
}

async function signIn(page: Page, product: Product): Promise<void> {
  await page.goto('/sign-in');
  await page.getByLabel('E-mail').fill(product.ownerEmail);
  await page.getByRole('textbox', { name: 'Password' }).fill(product.ownerPassword);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Home', exact: true }).waitFor();
}

/** Grants access for a connection that is there. */
async function connect(page: Page, name: string): Promise<void> {
  await page.goto('/connections');
  const row = page.getByRole('row', { name: new RegExp(name) });
  await allowAtAcme(page, () => row.getByRole('button', { name: /^(Connect|Reconnect)$/ }).click());
  await row.getByText('Works').waitFor();
}

async function photograph(browser: Browser, owner: Page, states: readonly State[]): Promise<void> {
  const cookies = await owner.context().cookies();
  for (const theme of THEMES) {
    const page = await openPage(browser, new URL(owner.url()).origin, theme);
    await page.context().addCookies(cookies);
    page.setDefaultTimeout(PREPARE_MS);
    for (const [size, suffix] of [
      [WIDE, ''],
      [NARROW, '-narrow'],
    ] as const) {
      await page.setViewportSize(size);
      for (const { name, path, prepare } of states.filter((each) => TAKES_ALL || SHOWN.has(each.name))) {
        try {
          await page.goto(path);
          await settle(page);
          await prepare?.(page);
          await settle(page);
        } catch (cause) {
          process.stdout.write(`${name}${suffix}-${theme}: ${String(cause).split('\n')[0]}\n`);
        }
        await shoot(page, `${name}${suffix}-${theme}`);
      }
    }
    await page.context().close();
  }
}

const form = (connector: string): State => ({
  name: `form-${connector}`,
  path: `/connections?new=${connector}`,
});

function statesOf(product: Product, seeded: ConnectionsSeeded): readonly State[] {
  const acme = acmeUrl(product);
  return [
    { name: 'connections', path: '/connections' },
    {
      name: 'connections-menu',
      path: '/connections',
      prepare: (page) => page.getByRole('button', { name: 'Actions of Acme of sales' }).click(),
    },
    { name: 'connection-new', path: '/connections?new=' },
    {
      name: 'connection-new-nothing',
      path: '/connections?new=',
      prepare: (page) => page.getByRole('textbox', { name: 'Search what to connect' }).fill('zendesk'),
    },
    ...[
      'acme',
      'github',
      'slack',
      'smtp',
      'postgres',
      'mysql',
      'api_key',
      'jwt',
      'mtls',
      'oauth2',
      'oauth2_client',
      'bearer_token',
    ].map(form),
    {
      name: 'form-mtls-faults',
      path: '/connections?new=mtls',
      prepare: async (page) => {
        await page.getByRole('textbox', { name: 'Name', exact: true }).first().fill('Bank of somewhere');
        await page.getByLabel('Only shown to').fill('http://bank.example.com');
        await page.getByLabel('Certificate').first().fill('-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERT');
        await page.getByLabel('Private key').fill('nothing of that kind');
        await page.getByRole('button', { name: 'Create the connection' }).click();
        await page.getByRole('dialog').locator('.text-danger').first().waitFor();
      },
    },
    ...['smtp', 'postgres'].map((kind): State => ({
      name: `form-${kind}-faults`,
      path: `/connections?new=${kind}`,
      prepare: async (page) => {
        await page.getByRole('textbox', { name: 'Name', exact: true }).first().fill('Something');
        for (const field of await page.getByRole('dialog').getByRole('textbox').all())
          if ((await field.inputValue()) === '' && !(await field.getAttribute('type'))?.includes('search'))
            await field.fill('no good/ :');
        await page.getByRole('button', { name: 'Create the connection' }).click();
        await page.getByRole('dialog').locator('.text-danger').first().waitFor();
      },
    })),
    {
      name: 'connection-edit',
      path: '/connections',
      prepare: async (page) => {
        await page.getByRole('button', { name: 'Actions of Bank certificate' }).click();
        await page.getByRole('menuitem', { name: 'Edit…' }).click();
        await page.getByRole('dialog').getByText('Private key', { exact: true }).waitFor();
      },
    },
    {
      name: 'connection-delete',
      path: '/connections',
      prepare: async (page) => {
        await page.getByRole('button', { name: 'Actions of Acme of sales' }).click();
        await page.getByRole('menuitem', { name: /Delete/ }).click();
      },
    },
    {
      name: 'connection-link-dialog',
      path: '/connections',
      prepare: async (page) => {
        await page.getByRole('button', { name: 'Actions of Acme of sales' }).click();
        await page.getByRole('menuitem', { name: /somebody else/ }).click();
      },
    },
    {
      name: 'connection-test',
      path: '/connections',
      prepare: async (page) => {
        await page.getByRole('button', { name: 'Actions of Acme of sales' }).click();
        await page.getByRole('menuitem', { name: 'Test' }).click();
        await page
          .getByText(/works|does not work/)
          .last()
          .waitFor();
      },
    },
    { name: 'oauth-apps', path: '/connections/apps' },
    { name: 'oauth-app-dialog', path: '/connections/apps?app=github' },
    { name: 'oauth-app-set', path: '/connections/apps?app=slack' },
    { name: 'app-events', path: '/connections/events' },
    { name: 'app-events-slack', path: '/connections/events?app=slack' },
    { name: 'app-events-hubspot', path: '/connections/events?app=hubspot' },
    { name: 'app-events-notion', path: '/connections/events?app=notion' },
    {
      name: 'app-events-remove',
      path: '/connections/events?app=slack',
      prepare: (page) => page.getByRole('button', { name: 'Remove…' }).click(),
    },
    { name: 'connect-link', path: new URL(seeded.links.open).pathname },
    { name: 'connect-link-used', path: new URL(seeded.links.used).pathname },
    { name: 'connect-link-expired', path: new URL(seeded.links.expired).pathname },
    { name: 'connect-link-nowhere', path: '/connect/nothing' },
    { name: 'consent-nowhere', path: '/oauth/done/unknown' },
    ...seeded.outcomes.map(({ name, id }): State => ({ name: `consent-${name}`, path: `/oauth/done/${id}` })),
    { name: 'run-parked', path: `/runs/${seeded.parkedRun}` },
    {
      name: 'run-parked-step',
      path: `/runs/${seeded.parkedRun}`,
      prepare: (page) => page.getByRole('group', { name: /^Open the deal/ }).click(),
    },
    { name: 'runs-parked', path: '/runs' },
    { name: 'flows-connections', path: '/flows' },
    { name: 'canvas-app', path: '/flows/new-leads' },
    { name: 'canvas-app-trigger', path: '/flows/new-leads?node=event' },
    { name: 'canvas-app-action', path: '/flows/new-leads?node=deal' },
    {
      name: 'canvas-app-palette',
      path: '/flows/new-leads',
      prepare: async (page) => {
        const palette = page.getByRole('complementary', { name: 'Nodes' });
        if (!(await palette.isVisible())) await page.getByRole('button', { name: 'Nodes to add' }).click();
        await palette.hover();
        await page.mouse.wheel(0, 900);
      },
    },
    { name: 'canvas-slack-trigger', path: '/flows/questions?node=event' },
    ...['new-leads', 'broken-choices'].map((flow): State => ({
      name: `choices-${flow}`,
      path: `/flows/${flow}?node=deal`,
      prepare: async (page) => {
        const settings = page.getByRole('complementary', { name: 'Settings' });
        if (!(await settings.isVisible())) await page.getByRole('button', { name: 'Settings panel' }).click();
        await settings.getByRole('group', { name: 'Stage' }).getByRole('combobox').click();
        await page.getByRole('listbox').waitFor();
      },
    })),
    { name: 'acme-contacts', path: `${acme}/contacts` },
    { name: 'acme-deals', path: `${acme}/deals` },
    { name: 'acme-webhooks', path: `${acme}/webhooks` },
    { name: 'acme-apps', path: `${acme}/apps` },
    { name: 'acme-trouble', path: `${acme}/trouble` },
    {
      name: 'acme-sign-in',
      path: '/connections',
      prepare: async (page) => void (await page.goto(await seeded.authorizeUrl())),
    },
    {
      name: 'acme-consent',
      path: '/connections',
      prepare: async (page) => {
        await page.goto(await seeded.authorizeUrl());
        const person = page.getByRole('button', { name: /Ben Ortiz/ });
        if (await person.isVisible()) await person.click();
        await page.getByRole('button', { name: 'Allow' }).waitFor();
      },
    },
  ];
}
