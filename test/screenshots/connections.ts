import type { Browser, Page } from '@playwright/test';

import { acmeUrl, allowAtAcme } from '#test/e2e/support/connect-acme.ts';
import { startProduct, type Product } from '#test/support/product.ts';

import { openPage, photograph, settle, type Album, type State } from './camera.ts';
import { signInAsOwner } from './sign-in-as-owner.ts';
import { seedConnections, type ConnectionsSeeded } from './seed-connections.ts';

/** Photographs what connections have pages for: with the sandbox app, real consents and a run that waits. */
export async function photographConnections(
  browser: Browser,
): Promise<{ albums: readonly Album[]; missed: readonly string[] }> {
  const product = await startProduct({ durable: true, env: { PATCHBAY_SANDBOX: 'on' } });
  try {
    const owner = await openPage(browser, product.url, 'light');
    await signInAsOwner(owner, product);
    const cookies = await owner.context().cookies();
    const before: Album = {
      title: 'Connections before there are any',
      states: [
        { name: 'oauth-apps-none', title: 'No OAuth app', path: '/connections/apps' },
        { name: 'app-events-none', title: 'No app sends events', path: '/connections/events' },
      ],
    };
    const missed = [...(await photograph(browser, before, { url: product.url, cookies }))];
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
    const album: Album = {
      title: 'Connections',
      states: statesOf(product, seeded).map((state) => ({
        ...state,
        title: state.title ?? titleOf(state.name),
      })),
    };
    missed.push(
      ...(await photograph(browser, album, { url: product.url, cookies: await owner.context().cookies() })),
    );
    return { albums: [before, album], missed };
  } finally {
    await product.stop();
  }
}

/** `form-smtp-faults` → `Form smtp faults`: what a state shows is mostly what it is called. */
function titleOf(name: string): string {
  const words = name.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Grants access for a connection that is there. */
async function connect(page: Page, name: string): Promise<void> {
  await page.goto('/connections');
  const row = page.getByRole('row', { name: new RegExp(name) });
  await allowAtAcme(page, () => row.getByRole('button', { name: /^(Connect|Reconnect)$/ }).click());
  await row.getByText('Works').waitFor();
}

type Untitled = Omit<State, 'title'> & { readonly title?: string };

const form = (connector: string): Untitled => ({
  name: `form-${connector}`,
  path: `/connections?new=${connector}`,
});

function statesOf(product: Product, seeded: ConnectionsSeeded): readonly Untitled[] {
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
        await page
          .getByRole('textbox', { name: /^Certificate/ })
          .first()
          .fill('-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERT');
        await page
          .getByRole('textbox', { name: /^Private key/ })
          .first()
          .fill('nothing of that kind');
        await page.getByRole('button', { name: 'Create the connection' }).click();
        await page.getByRole('dialog').locator('.text-danger').first().waitFor();
      },
    },
    ...['smtp', 'postgres'].map((kind): Untitled => ({
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
    ...seeded.outcomes.map(({ name, id }): Untitled => ({
      name: `consent-${name}`,
      path: `/oauth/done/${id}`,
    })),
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
        const search = page.getByLabel('Search nodes');
        if (!(await search.isVisible())) await page.getByRole('button', { name: 'Nodes to add' }).click();
        await page.getByRole('button', { name: /^Map/ }).first().hover();
        await page.mouse.wheel(0, 900);
      },
    },
    { name: 'canvas-slack-trigger', path: '/flows/questions?node=event' },
    ...['new-leads', 'broken-choices'].map((flow): Untitled => ({
      name: `choices-${flow}`,
      path: `/flows/${flow}?node=deal`,
      prepare: async (page) => {
        const stage = page.getByRole('group', { name: 'Stage' });
        if (!(await stage.isVisible())) await page.getByRole('button', { name: 'Settings panel' }).click();
        await stage.locator('[aria-haspopup=dialog]').click();
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
