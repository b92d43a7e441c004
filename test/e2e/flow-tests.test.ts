import { AxeBuilder } from '@axe-core/playwright';

import { editorOf } from './support/editor.ts';
import { expect, test } from './support/e2e-test.ts';
import { callingFlow } from './support/flows.ts';
import { openAsOwner } from './support/sign-in.ts';
import { useSite } from './support/use-site.ts';

const site = useSite();

test('runs a part of the draft, pins what it answered, and tests the flow with a run that did well', async ({
  page,
}) => {
  site.sink.reply('/tested', { body: { id: 9 } });
  const flow = callingFlow('tested', `${site.sink.url}/tested`);
  await site.call('PUT /flows/tested', {
    ...flow,
    nodes: [
      ...flow.nodes,
      {
        id: 'check',
        type: 'core.if',
        version: 1,
        label: 'Large',
        config: { condition: { $expr: 'steps.post.body.id > 5' } },
      },
      { id: 'yes', type: 'core.map', version: 1, label: 'Large one', config: { output: 'large' } },
      { id: 'no', type: 'core.map', version: 1, label: 'Small one', config: { output: 'small' } },
    ],
    edges: [
      ...flow.edges,
      { from: 'post', to: 'check' },
      { from: 'check', port: 'true', to: 'yes' },
      { from: 'check', port: 'false', to: 'no' },
    ],
  });
  await openAsOwner(page, site, '/flows/tested');
  const editor = editorOf(page);

  // Up to the call: it is announced, made, and what came of it stands at the node.
  await editor.open('Post to API');
  await editor.inspector.getByRole('button', { name: 'Run up to here' }).click();
  const upTo = page.getByRole('dialog', { name: 'Run up to “Post to API”' });
  await expect(upTo.getByRole('list', { name: 'What the run calls' })).toContainText(
    `POST ${site.sink.url}/tested will really be called`,
  );
  await upTo.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(upTo).toBeHidden();
  await expect(editor.node('Post to API')).toHaveAccessibleName(/succeeded/);
  await expect(editor.node('Small one')).not.toHaveAccessibleName(/succeeded/);
  expect(await site.sink.waitFor('/tested', 1)).toHaveLength(1);

  // Its answer is pinned; the next step runs alone on it, by keyboard, and calls nobody.
  await editor.inspector.getByRole('button', { name: 'Pin this output' }).click();
  await expect(editor.inspector.getByText(/An output is pinned here/)).toBeVisible();
  await editor.waitUntilSaved();
  await editor.open('Large');
  await editor.inspector.getByRole('button', { name: 'Run this step' }).press('Enter');
  const alone = page.getByRole('dialog', { name: 'Run “Large”' });
  await expect(alone.getByText('Answers with its pin')).toBeVisible();
  await alone.getByRole('button', { name: 'Run', exact: true }).press('Enter');
  await expect(editor.node('Large')).toHaveAccessibleName(/succeeded/);
  await expect(editor.node('Post to API')).toContainText('pinned');
  expect(site.sink.at('/tested')).toHaveLength(1);

  // A run that did well becomes a test.
  const run = await site.call('POST /flows/tested/runs', {
    version: 'draft',
    wait: 20,
    input: { body: { number: 7 } },
  });
  await page.goto(site.url(`/runs/${String(run.id)}`));
  await page.getByRole('button', { name: 'Save as test…' }).click();
  const save = page.getByRole('dialog', { name: 'Save as test' });
  await save.getByLabel('Name').fill('Large orders');
  await save.getByRole('checkbox', { name: 'map › output.title' }).click();
  await save.getByRole('checkbox', { name: 'post › input.body.title' }).press('Space');
  await expect(save.getByText('3 fields are checked')).toBeVisible();
  await save.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(save).toBeHidden();

  // It passes without a call, and paints the way that it took.
  const before = site.sink.requests.length;
  await page.getByRole('link', { name: 'Open the flow' }).click();
  await page.getByRole('button', { name: 'Tests', exact: true }).click();
  const tests = page.getByRole('complementary', { name: 'Tests' });
  await tests.getByRole('button', { name: 'Run all' }).click();
  await expect(tests.getByText('1 test passed')).toBeVisible();
  await expect(tests.getByRole('img', { name: 'Passed' })).toBeVisible();
  await expect(editor.canvas.getByRole('img', { name: /port true, to yes, taken 1 times/ })).toBeVisible();
  await expect(editor.canvas.getByRole('img', { name: /port false, to no, taken 0 times/ })).toBeVisible();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);

  // A change that breaks it is named, in the panel and before it is published.
  const { map, ...rest } = Object.fromEntries(
    ((await site.call('GET /flows/tested')) as unknown as typeof flow).nodes.map((node) => [node.id, node]),
  );
  expect(Object.keys(rest)).toHaveLength(5);
  await tests.getByRole('button', { name: 'Close tests' }).click();
  await editor.open('Reshape');
  const title = { ...map, config: { output: { title: 'Nobody' } } };
  await site.call('PUT /flows/tested', {
    ...((await site.call('GET /flows/tested')) as unknown as typeof flow),
    nodes: [...Object.values(rest), title],
  });
  await page.reload();
  await page.getByRole('button', { name: 'Publish', exact: true }).click();
  const publish = page.getByRole('dialog', { name: 'Publish' });
  await expect(publish.getByText('1 of 1 test failed')).toBeVisible();
  await expect(publish.getByText('map › output.title: expected "Order 7", is "Nobody"')).toBeVisible();
  expect(site.sink.requests).toHaveLength(before);
});
