import type { Page } from '@playwright/test';

import type { Album, State } from './camera.ts';

export const setUpAlbum: Album = {
  title: 'The first visit',
  states: [
    { name: 'set-up', title: 'Set-up', path: '/set-up' },
    {
      name: 'set-up-faults',
      title: 'Set-up with faults',
      path: '/set-up',
      prepare: async (page) => {
        await page.getByLabel('Your name').fill('Ada Park');
        await page.getByLabel('E-mail').fill('ada@example.com');
        await page.getByRole('textbox', { name: 'Password' }).fill('short');
        await page.getByLabel('Workspace').fill('Analytical engines');
        await page.getByRole('button', { name: /Create|Set up|Begin/ }).click();
      },
    },
  ],
};

export const signInAlbum: Album = {
  title: 'Signing in',
  states: [
    { name: 'sign-in', title: 'Sign in', path: '/sign-in' },
    {
      name: 'sign-in-refused',
      title: 'A wrong password',
      path: '/sign-in',
      prepare: async (page) => {
        await page.getByLabel('E-mail').fill('ada@example.com');
        await page.getByRole('textbox', { name: 'Password' }).fill('not this one at all');
        await page.getByRole('button', { name: 'Sign in' }).click();
        await page.getByRole('alert').first().waitFor();
      },
    },
  ],
};

const empty = (name: string, title: string, path: string, prepare?: State['prepare']): State => ({
  name: `empty-${name}`,
  title: `${title}, when there is nothing yet`,
  path,
  ...(prepare && { prepare }),
});

const opened = (press: (page: Page) => Promise<unknown>) => async (page: Page) => {
  await press(page);
  await page.getByRole('dialog').waitFor();
};

/** What each page says before there is anything on it. */
export const emptyAlbum: Album = {
  title: 'A new workspace',
  states: [
    empty('home', 'Home', '/'),
    empty('flows', 'Flows', '/flows'),
    empty('runs', 'Runs', '/runs'),
    empty('dead-letters', 'Dead letters', '/dead-letters'),
    empty('bulk-actions', 'Bulk actions', '/bulk-actions'),
    empty('alerts', 'Alerts', '/alerts'),
    empty('approvals', 'Approvals', '/approvals'),
    empty('connections', 'Connections', '/connections'),
    empty('dashboard', 'The dashboard', '/dashboard'),
    empty('ledger', 'The ledger', '/ledger'),
    empty('alert-rules', 'Alert rules and channels', '/settings/alerts'),
    empty('api-keys', 'API keys', '/settings/api-keys'),
    {
      name: 'new-flow',
      title: 'A new flow',
      path: '/flows',
      prepare: opened((page) => page.getByRole('button', { name: 'New flow' }).first().click()),
    },
    { name: 'no-such-page', title: 'No such page', path: '/nowhere' },
    { name: 'no-such-flow', title: 'No such flow', path: '/flows/nowhere' },
    { name: 'no-such-run', title: 'No such run', path: '/runs/0197c0de-0000-7000-8000-000000000000' },
  ],
};
