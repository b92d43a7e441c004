import { AxeBuilder } from '@axe-core/playwright';

import { editorOf } from './support/editor.ts';
import { expect, test } from './support/e2e-test.ts';
import { callingFlow } from './support/flows.ts';
import { openAsOwner } from './support/sign-in.ts';
import { useSite } from './support/use-site.ts';

const site = useSite();

test('captures what is really sent to a draft, and tests it with a step that fails in one set of pins', async ({
  page,
}) => {
  await site.call('PUT /flows/captured', callingFlow('captured', `${site.sink.url}/captured`));
  await openAsOwner(page, site, '/flows/captured');
  const editor = editorOf(page);

  // Waiting says where to send it, and that the sender hears 410.
  await editor.open('New order');
  await editor.inspector.getByRole('button', { name: 'Capture the next event' }).press('Enter');
  await expect(editor.inspector.getByText('Waiting for the next event')).toBeVisible();
  await expect(editor.inspector.getByText(/is answered 410/)).toBeVisible();
  const address = await editor.inspector
    .getByRole('group', { name: 'Send it to' })
    .locator('code')
    .innerText();
  const refused = await fetch(address, { method: 'PUT' });
  expect(refused.status).toBe(410);
  await expect(editor.inspector.getByRole('alert')).toContainText('This flow takes POST requests.');
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  const sent = await fetch(address, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer secret' },
    body: '{"number":4711}',
  });
  expect(sent.status).toBe(410);
  await expect(editor.inspector.getByText('An event was captured. It is the test data now.')).toBeVisible();
  await editor.inspector.getByRole('button', { name: 'Pin this event' }).click();
  await editor.waitUntilSaved();
  const { pins } = (await site.call('GET /flows/captured')) as { pins: Record<string, unknown> };
  expect(Object.values(pins)).toEqual([
    expect.objectContaining({
      body: { number: 4711 },
      headers: expect.objectContaining({ authorization: '[redacted]' }),
    }),
  ]);

  // A step fails in a set of its own.
  await editor.open('Post to API');
  await editor.inspector.getByRole('button', { name: 'Pin an answer…' }).click();
  const pin = page.getByRole('dialog', { name: 'Pin an answer to Post to API' });
  await pin.getByLabel('The step').click();
  await page.getByRole('option', { name: 'Fails with an error' }).click();
  await pin.getByLabel('Message').fill('Sold out');
  await pin.getByLabel('In the set').click();
  await page.getByRole('option', { name: 'A new set…' }).click();
  await pin.getByLabel('Name of the set').fill('sold out');
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await pin.getByRole('button', { name: 'Pin', exact: true }).click();
  await expect(editor.inspector.getByText(/An error is pinned here: Sold out/)).toBeVisible();
  await editor.waitUntilSaved();

  // A test run begins with the event, and fails as pinned without a call.
  await page.getByRole('button', { name: 'Test run' }).click();
  const run = page.getByRole('dialog', { name: 'Test run' });
  await expect(run.getByText('This is the event that was captured.')).toBeVisible();
  await expect(run.getByText('Fails as pinned: Sold out')).toBeVisible();
  await run.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(editor.node('Post to API')).toHaveAccessibleName(/failed/);
  await expect(editor.inspector.getByText('Sold out', { exact: true })).toBeVisible();
  expect(site.sink.at('/captured')).toHaveLength(0);
  await editor.open('Reshape');
  await expect(editor.inspector.getByText('Order 4711').first()).toBeVisible();
});
