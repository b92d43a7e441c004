import { resolve } from 'node:path';

import { editorOf } from './support/editor.ts';
import { expect, test } from './support/e2e-test.ts';
import { openAsOwner } from './support/sign-in.ts';
import { useSite } from './support/use-site.ts';
import { freePort } from '#test/support/free-port.ts';
import { startSink, type Sink } from '#test/support/sink.ts';

const port = await freePort();
const site = useSite({
  env: {
    TEST_FAR_END: `http://127.0.0.1:${port}`,
    NODE_OPTIONS: `--import ${resolve(import.meta.dirname, '../support/far-ends-preload.ts')}`,
  },
});
let vendor: Sink;

test.beforeAll(async () => {
  vendor = await startSink(port);
  vendor.reply('/user/repos', ({ query }) =>
    query.get('page') === '2'
      ? { body: [{ full_name: 'octo/last' }] }
      : {
          body: [{ full_name: 'octo/hello', description: 'Says hello' }, { full_name: 'octo/bye' }],
          headers: { link: '<https://api.github.com/user/repos?page=2>; rel="next"' },
        },
  );
  vendor.reply('/repos/octo/hello/labels', { body: [{ name: 'bug', description: 'Broken' }] });
  vendor.reply('/repos/octo/unknown/labels', { status: 404, body: { message: 'Not Found' } });
  const token = { slug: 'our-github', connector: 'bearer_token', fields: { token: 'a-token' } };
  await site.call('POST /connections', token);
});
test.afterAll(() => vendor.stop());

const stored = async () => (await site.call('GET /flows/choosing')).nodes[1].config;

test('chooses a repository and a label from the account, types one, and says why a list cannot be had', async ({
  page,
  visits,
}) => {
  visits.expectMessages(/status of 502/);
  await site.call('PUT /flows/choosing', {
    format: 1,
    name: 'Choosing',
    slug: 'choosing',
    nodes: [
      { id: 'start', type: 'core.manual', version: 1 },
      {
        id: 'issue',
        type: 'github.create_issue',
        version: 1,
        position: { x: 320, y: 0 },
        config: { title: 'A bug' },
      },
    ],
    edges: [{ from: 'start', to: 'issue' }],
  });
  await openAsOwner(page, site, '/flows/choosing');
  const editor = editorOf(page);
  await expect(editor.palette.getByRole('heading', { name: 'GitHub' })).toBeVisible();
  await editor.open('Create issue');
  const repository = editor.setting('Repository');
  const opener = repository.locator('[aria-haspopup=dialog]');
  const search = page.getByRole('combobox', { name: 'Repository' });

  await opener.click();
  await expect(page.getByText('Choose a connection above')).toBeVisible();
  await page.keyboard.press('Escape');
  await editor.choose('Connection', /our-github/);

  await opener.click();
  await expect(page.getByRole('option', { name: /octo\/hello/ })).toBeVisible();
  await page.getByRole('option', { name: 'Load more…' }).click();
  await expect(page.getByRole('option', { name: 'octo/last' })).toBeVisible();
  await search.pressSequentially('hello');
  await page.keyboard.press('Enter');
  await expect(repository.getByRole('button', { name: 'Repository: octo/hello' })).toBeVisible();

  await editor.setting('Labels').getByRole('button', { name: /^Add/ }).click();
  await editor
    .setting('Labels')
    .getByRole('button', { name: /^Labels: item 1:/ })
    .click();
  await page.getByRole('option', { name: /^bug/ }).click();
  await editor.waitUntilSaved();
  expect(await stored()).toMatchObject({ repository: 'octo/hello', labels: ['bug'] });

  await opener.click();
  await search.fill('octo/unknown');
  await page.getByRole('option', { name: 'Use “octo/unknown”' }).click();
  await editor
    .setting('Labels')
    .getByRole('button', { name: /^Labels: item 1:/ })
    .click();
  await expect(page.getByText(/GitHub answers the same to both/).first()).toBeVisible();
  await page.keyboard.press('Escape');

  await repository.getByRole('button', { name: /write an expression/ }).click();
  await editor.waitUntilSaved();
  expect(await stored()).toMatchObject({ repository: { $expr: '"octo/unknown"' } });
  await editor
    .setting('Labels')
    .getByRole('button', { name: /^Labels: item 1:/ })
    .click();
  await expect(page.getByText(/an expression decides/).first()).toBeVisible();
});
