import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { FlowDocument } from '#core/flow-document.ts';

import { expect, test } from './support/e2e-test.ts';
import { editorOf } from './support/editor.ts';
import { openAsOwner } from './support/sign-in.ts';
import { useSite } from './support/use-site.ts';

const site = useSite();
const FIXTURES = join(import.meta.dirname, '../core/import/fixtures');
const SHOTS = process.env['PATCHBAY_SHOTS'];

test('a workflow of n8n is looked at, made, and gets an HTTP node of a cURL command', async ({ page }) => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await openAsOwner(page, site, '/flows');
  await page.getByRole('button', { name: 'New flow' }).click();
  await page.getByRole('dialog', { name: 'New flow' }).getByRole('button', { name: 'Import one' }).click();
  const dialog = page.getByRole('dialog', { name: 'Import a flow' });
  const field = dialog.getByLabel('Flow document');

  await field.fill('{ "nodes": [ oops');
  await expect(dialog.getByText(/^This is not JSON: .*line 1, character 14/)).toBeVisible();
  await field.fill('curl https://api.example.com');
  await expect(dialog.getByText(/paste it on the canvas/)).toBeVisible();

  await field.fill(readFileSync(join(FIXTURES, 'n8n/nightly-report.json'), 'utf8'));
  const report = dialog.getByRole('region', { name: 'Report of the import' });
  await expect(report.getByText('From n8n')).toBeVisible();
  await expect(report.getByText('Needs a hand: 4')).toBeVisible();
  await expect(report.getByRole('listitem').filter({ hasText: 'Loop Over Items' }).first()).toContainText(
    'For each',
  );
  await expect(report.getByText('Choose a connection for Postgres, or make one.')).toBeVisible();
  await expect(report.getByRole('combobox', { name: 'Begins with' })).toHaveText('Every night');
  if (SHOTS) await page.screenshot({ path: `${SHOTS}/report.png` });
  await dialog.getByRole('button', { name: 'Create the flow' }).click();

  await expect(page).toHaveURL(/\/flows\/nightly-report$/);
  const editor = editorOf(page);
  await expect(editor.node('Every night')).toBeVisible();
  for (const name of [
    'Open invoices',
    'Only large',
    'Loop Over Items',
    'Remind',
    'Pause',
    'All sent',
    'Append row in sheet',
  ]) {
    await expect(editor.node(name)).toBeVisible();
  }
  await expect(page.getByRole('region', { name: 'Note: To finish after the import from n8n' })).toContainText(
    'Open invoices, Connection',
  );
  if (SHOTS) await page.screenshot({ path: `${SHOTS}/canvas.png` });

  await editor.canvas.click({ position: { x: 10, y: 10 } });
  const command = `curl -X POST https://api.example.com/audit -H 'Authorization: Bearer secret' --json '{"done":true}'`;
  await page.evaluate((text) => navigator.clipboard.writeText(text), command);
  await page.keyboard.press('Control+v');
  await expect(editor.node('POST audit')).toBeVisible();
  await expect(page.getByTestId('announcement')).toHaveText(/pasted from a cURL command, POST audit/);
  await expect(page.getByText('One thing needs a hand')).toBeVisible();
  if (SHOTS) await page.screenshot({ path: `${SHOTS}/curl.png` });
  await editor.waitUntilSaved();
  const document = (await site.call('GET /flows/nightly-report')) as FlowDocument;
  expect(document.nodes.at(-1)).toMatchObject({
    type: 'http.request',
    config: { method: 'POST', url: 'https://api.example.com/audit', body: { done: true } },
  });
  expect(JSON.stringify(document)).not.toContain('Bearer');
});

test('flows of Node-RED are imported from a file, and a note is taken away', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  await openAsOwner(page, site, '/flows');
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Import a flow' });
  await dialog.getByLabel('Flow file').setInputFiles(join(FIXTURES, 'node-red/sensor-alert.json'));
  await expect(dialog.getByText('From Node-RED')).toBeVisible();
  await expect(dialog.getByText('Not imported: 3')).toBeVisible();
  if (SHOTS) await page.screenshot({ path: `${SHOTS}/report-dark.png` });
  await dialog.getByRole('button', { name: 'Create the flow' }).click();
  const editor = editorOf(page);
  await expect(editor.node('Sort out')).toBeVisible();
  expect(await editor.overlappingNodes()).toEqual([]);
  const notes = page.getByRole('region', { name: /^Note: / });
  await expect(notes).toHaveCount(4);
  if (SHOTS) await page.screenshot({ path: `${SHOTS}/canvas-dark.png` });
  const alerts = page.getByRole('region', { name: 'Note: Not imported: alerts (mqtt out)' });
  await alerts.focus();
  await page.getByRole('button', { name: 'Remove the note' }).focus();
  await page.keyboard.press('Enter');
  await expect(notes).toHaveCount(3);
  await editor.waitUntilSaved();
});
