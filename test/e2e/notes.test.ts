import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';

import type { FlowDocument } from '#core/flow-document.ts';

import { centreOf, editorOf } from './support/editor.ts';
import { expect, test } from './support/e2e-test.ts';
import { postEvent } from './support/events.ts';
import { callingFlow } from './support/flows.ts';
import { openAsOwner } from './support/sign-in.ts';
import { useSite } from './support/use-site.ts';

const site = useSite();
const SHOTS = process.env['PATCHBAY_SHOTS'];

test('notes are written, coloured, moved, made larger and removed, with the mouse and by keyboard', async ({
  page,
}) => {
  await site.call('PUT /flows/noted', callingFlow('noted', site.sink.url));
  await openAsOwner(page, site, '/flows/noted');
  const editor = editorOf(page);
  await editor.node('Reshape').click();
  await page.keyboard.press('0');
  const note = page.getByRole('region', { name: /^Note: / });
  const field = page.getByRole('textbox', { name: 'Text of the note, in Markdown' });

  await page.keyboard.press('Shift+S');
  await expect(field).toBeFocused();
  await page.keyboard.insertText(
    '# Why\n- **first** `map`\n- [docs](https://docs.example/a)\n<b id="raw">no</b>',
  );
  await page.keyboard.press('Escape');
  await expect(note).toBeFocused();
  await expect(note).toHaveAccessibleName('Note: Why');
  await expect(note).toMatchAriaSnapshot(`
    - heading "Why" [level=3]
    - list:
      - listitem:
        - strong: first
        - code: map
      - listitem:
        - link "docs"
    - paragraph: <b id="raw">no</b>
  `);
  const link = note.getByRole('link', { name: 'docs' });
  await expect(link).toHaveAttribute('target', '_blank');
  await expect(link).toHaveAttribute('rel', /noopener noreferrer/);

  // What removes and moves nodes means the note now.
  await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.press('Alt+ArrowDown');
  await editor.waitUntilSaved();
  const [first] = (await stored()).notes;
  expect(first?.size).toEqual({ width: 240, height: 176 });
  await page.getByRole('toolbar', { name: 'Note' }).getByRole('button', { name: 'Blue' }).click();
  await dragBy(page, note, { x: 0, y: 64 });
  await dragBy(page, page.locator('.note-corner'), { x: 96, y: 32 });
  await expect
    .poll(async () => (await stored()).notes[0])
    .toMatchObject({
      color: 'blue',
      position: { x: first?.position.x, y: (first?.position.y ?? 0) + 64 },
      size: { width: 336, height: 208 },
    });
  if (SHOTS) await page.screenshot({ path: `${SHOTS}/note.png` });
  await note.focus();
  await page.keyboard.press('Control+d');
  await expect(note).toHaveCount(2);
  await expect(note.nth(1)).toBeFocused();
  await page.keyboard.press('Delete');
  await expect(note).toHaveCount(1);
  await expect(editor.nodes).toHaveCount(3);

  // In the outline, too.
  await page.keyboard.press('o');
  const outline = page.getByRole('region', { name: /^Outline of the flow/ });
  await expect(outline.getByRole('tree')).toBeVisible();
  await page.keyboard.press('Shift+N');
  await expect(note).toBeFocused();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Control+Home');
  await page.keyboard.insertText('# Because\n');
  await page.keyboard.press('Control+Enter');
  await expect(note).toHaveAccessibleName('Note: Because');
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().include('main').analyze();
  expect(violations).toEqual([]);
  if (SHOTS) await page.screenshot({ path: `${SHOTS}/note-outline.png` });
  await page.keyboard.press('Control+z');
  await expect(note).toHaveAccessibleName('Note: Why');

  async function stored(): Promise<FlowDocument> {
    return (await site.call('GET /flows/noted')) as FlowDocument;
  }
});

test('notes and groups stand in the run and in the comparison of versions, to be read', async ({ page }) => {
  const flow = callingFlow('noted-run', site.sink.url);
  const notes = [
    { id: 'why', text: 'Why **this**', position: { x: 0, y: 160 } },
    { id: 'shape', text: 'Shaping', position: { x: 0, y: 0 }, nodes: ['map', 'post'] },
  ];
  await site.call('PUT /flows/noted-run', { ...flow, notes });
  const { hookUrl } = (await site.call('POST /flows/noted-run/publish', {})) as { hookUrl: string };
  const runId = await postEvent(hookUrl, {
    body: '{"number":"N-1"}',
    headers: { 'content-type': 'application/json' },
  });
  await openAsOwner(page, site, `/runs/${runId}`);
  await expect(page.getByRole('region', { name: 'Note: Why this' })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Group: Shaping, 2 nodes' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Ungroup' })).toHaveCount(0);

  await site.call('PUT /flows/noted-run', {
    ...flow,
    notes: [{ ...notes[0], text: 'Why not' }],
  });
  await openAsOwner(page, site, '/flows/noted-run');
  await page.getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Versions' }).click();
  await page.getByRole('button', { name: 'Compare the draft with version 1' }).click();
  const compare = page.getByRole('dialog', { name: 'Compare versions' });
  await expect(compare.getByRole('region', { name: 'Note: Why not, changed' })).toBeVisible();
  await expect(compare.getByRole('region', { name: 'Group: Shaping, 2 nodes, removed' })).toBeVisible();
  if (SHOTS) await page.screenshot({ path: `${SHOTS}/note-compare.png` });
});

test('a node that is dragged stands in line with others along a line, and with Alt it does not', async ({
  page,
}) => {
  const flow = callingFlow('lined-up', site.sink.url);
  const nodes = flow.nodes.map((node) =>
    node.id === 'post' ? { ...node, position: { x: 640, y: 203 } } : node,
  );
  await site.call('PUT /flows/lined-up', { ...flow, nodes });
  await openAsOwner(page, site, '/flows/lined-up');
  const editor = editorOf(page);
  const dragged = editor.node('Reshape');
  await dragged.click();
  await page.keyboard.press('0');
  const top = async () => (await dragged.boundingBox())?.y;
  const aim = async () => (await editor.node('Post to API').boundingBox())?.y;

  const { x, y } = await centreOf(dragged);
  await page.mouse.move(x, y);
  await page.mouse.down();
  // A drag begins where the pointer has left its first place.
  await page.mouse.move(x + 2, y);
  await page.mouse.move(x + 8, y + 100, { steps: 4 });
  await page.mouse.move(x + 8, y + 207, { steps: 8 });
  await expect(page.getByTestId('snap-line-y')).toHaveCount(3);
  await expect.poll(top).toBeCloseTo((await aim()) ?? 0);
  if (SHOTS) await page.screenshot({ path: `${SHOTS}/snap.png` });
  await page.keyboard.down('Alt');
  await page.mouse.move(x + 8, y + 190);
  await page.mouse.move(x + 8, y + 207);
  await expect(page.getByTestId('snap-line-y')).toHaveCount(0);
  await page.keyboard.up('Alt');
  await page.mouse.move(x + 8, y + 190);
  await page.mouse.move(x + 8, y + 207);
  await page.mouse.up();
  await expect(page.getByTestId('snap-line-y')).toHaveCount(0);
  await editor.waitUntilSaved();
  const { nodes: after } = (await site.call('GET /flows/lined-up')) as FlowDocument;
  expect(after.find(({ id }) => id === 'map')?.position?.y).toBe(203);
});

async function dragBy(
  page: Page,
  what: Parameters<typeof centreOf>[0],
  by: { readonly x: number; readonly y: number },
): Promise<void> {
  await what.hover();
  const { x, y } = await centreOf(what);
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + by.x, y + by.y, { steps: 6 });
  await page.mouse.up();
}
