import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import type { Page } from '@playwright/test';

import { editorOf } from '#test/e2e/support/editor.ts';

import type { Album, State } from './camera.ts';
import type { Seeded } from './seed.ts';

const N8N = resolve(import.meta.dirname, '../core/import/fixtures/n8n/nightly-report.json');

/** The editor in its states. It is built for wide windows; a narrow one is shown once. */
export function editorAlbum(seeded: Seeded): Album {
  const flow = `/flows/${seeded.flow}`;
  const editor = (
    name: string,
    title: string,
    path = flow,
    prepare?: (page: Page) => Promise<unknown>,
  ): State => ({ name, title, path, isNarrowToo: false, ...(prepare && { prepare }) });
  return {
    title: 'The editor',
    states: [
      { name: 'canvas', title: 'A flow on the canvas', path: flow },
      editor('canvas-faults', 'A flow with faults', `/flows/${seeded.faultyFlow}`),
      editor('canvas-large', 'Fifty nodes', `/flows/${seeded.largeFlow}`),
      editor('canvas-loop', 'A loop, an approval and an undo', `/flows/${seeded.askingFlow}`),
      editor('canvas-inspector', 'The settings of a node', `${flow}?node=ticket`),
      editor('canvas-pills', 'Mapped fields as pills, and the data beside them', `${flow}?node=map`),
      editor('canvas-pill', 'A pill, opened', `${flow}?node=map`, async (page) => {
        await pills(page).first().click();
        await page.getByRole('button', { name: 'Replace', exact: true }).last().waitFor();
      }),
      editor('canvas-data', 'Data found by its value', `${flow}?node=map`, (page) =>
        editorOf(page).inspector.getByLabel('Search the data').fill('ada'),
      ),
      editor('canvas-note', 'A note on the canvas, being written', flow, async (page) => {
        await page.getByRole('region', { name: /^Note: / }).press('Enter');
        await page.getByRole('textbox', { name: /^Text of the note/ }).waitFor();
      }),
      editor(
        'capture',
        'Waiting for the next event that is really sent',
        `${flow}?node=hook`,
        async (page) => {
          await editorOf(page).inspector.getByRole('button', { name: 'Capture the next event' }).click();
          await editorOf(page).inspector.getByText('Waiting for the next event').waitFor();
        },
      ),
      editor(
        'pin-answer',
        'An error pinned to a node in a set of its own',
        `${flow}?node=ticket`,
        async (page) => {
          await editorOf(page).inspector.getByRole('button', { name: 'Pin an answer…' }).click();
          const pin = page.getByRole('dialog', { name: /^Pin an answer/ });
          await pin.getByLabel('The step').click();
          await page.getByRole('option', { name: 'Fails with an error' }).click();
          await pin.getByLabel('Message').fill('The help desk is closed');
          await pin.getByLabel('In the set').click();
          await page.getByRole('option', { name: 'A new set…' }).click();
          await pin.getByLabel('Name of the set').fill('help desk closed');
        },
      ),
      editor('insert-template', 'A template to be put into the flow', flow, async (page) => {
        await page.keyboard.press('Control+k');
        await page.getByRole('combobox', { name: 'Commands' }).fill('insert template');
        await page.getByRole('option', { name: /^Insert a template/ }).click();
        await page.getByRole('combobox', { name: 'Templates' }).waitFor();
      }),
      editor('canvas-picker', 'Adding a node', `${flow}?node=map`, async (page) => {
        await editorOf(page).node('Shape the order').focus();
        await page.keyboard.press('Tab');
        await editorOf(page).canvas.getByRole('combobox').waitFor();
      }),
      editor('canvas-selection', 'Several nodes selected', flow, async (page) => {
        await focusCanvas(page);
        await page.keyboard.press('Control+a');
        await page.getByRole('toolbar', { name: /nodes selected/ }).waitFor();
      }),
      editor('canvas-keys', 'The keys of the canvas', flow, async (page) => {
        await focusCanvas(page);
        await page.keyboard.press('?');
        await page.getByRole('dialog').waitFor();
      }),
      editor('palette', 'The palette of commands', flow, async (page) => {
        await page.keyboard.press('Control+k');
        await page.getByRole('combobox', { name: 'Commands' }).waitFor();
      }),
      editor('find', 'A text found in the flow', flow, async (page) => {
        await focusCanvas(page);
        await page.keyboard.press('Control+f');
        await page.keyboard.type('total');
      }),
      editor('test-run', 'A test run, with what it will call', flow, async (page) => {
        await page.getByRole('button', { name: 'Test run' }).click();
        await page.getByRole('list', { name: 'What the run calls' }).waitFor();
      }),
      editor(
        'run-in-editor',
        'The data of a run in the editor',
        `${flow}?run=${seeded.failedRun}&node=ticket`,
      ),
      editor('tests', 'The tests of a flow, and the ways they took', flow, async (page) => {
        await page.getByRole('button', { name: 'Tests', exact: true }).click();
        const tests = page.getByRole('complementary', { name: 'Tests' });
        await tests.getByRole('button', { name: 'Run all' }).click();
        await tests
          .getByRole('img', { name: /Passed|Failed/ })
          .first()
          .waitFor();
      }),
      editor('publish', 'Publishing: what changes, and the tests', flow, async (page) => {
        await page.getByRole('button', { name: 'Publish', exact: true }).click();
        await page.getByRole('region', { name: /^Changes since/ }).waitFor();
      }),
      editor('versions', 'The versions of a flow', flow, openVersions),
      editor('versions-compared', 'Two versions compared', flow, async (page) => {
        await openVersions(page);
        await page.getByRole('button', { name: /^Compare the draft/ }).click();
        const dialog = page.getByRole('dialog', { name: 'Compare versions' });
        await dialog.getByRole('list', { name: 'What changed' }).getByRole('button').first().click();
      }),
      editor('import', 'The report of an import from n8n', '/flows', async (page) => {
        await page.getByRole('button', { name: 'Import', exact: true }).click();
        await page.getByLabel('Flow document').fill(readFileSync(N8N, 'utf8'));
        await page.getByRole('region', { name: 'Report of the import' }).waitFor();
      }),
      // Last: the view is remembered.
      editor('outline', 'The flow as an outline', `/flows/${seeded.askingFlow}?view=outline`, (page) =>
        page.getByRole('tree').waitFor(),
      ),
    ],
  };
}

function pills(page: Page) {
  return editorOf(page).inspector.getByRole('img', { name: /^Pill: / });
}

async function focusCanvas(page: Page): Promise<void> {
  await editorOf(page).nodes.first().focus();
}

async function openVersions(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Versions' }).click();
  await page.getByRole('dialog', { name: 'Versions' }).getByRole('listitem').first().waitFor();
}
