import type { Page } from '@playwright/test';

import { expect } from './e2e-test.ts';
import { editorOf, retype, type Editor } from './editor.ts';

/** Fills in the dialog for a new flow, which is then open. */
export async function nameFlow(page: Page, name: string): Promise<Editor> {
  const dialog = page.getByRole('dialog', { name: 'New flow' });
  await dialog.getByLabel('Name').fill(name);
  await dialog.getByRole('button', { name: 'Create the flow' }).click();
  const editor = editorOf(page);
  await expect(editor.canvas.getByText('What starts this flow?')).toBeVisible();
  return editor;
}

export interface NewNode {
  /** What the picker calls it. */
  readonly type: string;
  /** What is typed to find it; default its type. */
  readonly search?: string;
  readonly name?: string;
}

/** By the “+” at a port. */
export async function addAfter(
  editor: Editor,
  from: string,
  node: NewNode & { port?: string },
): Promise<void> {
  await showAll(editor);
  const port = node.port === undefined ? '' : `, port ${node.port}`;
  await editor.canvas.getByRole('button', { name: `Add a node after ${from}${port}`, exact: true }).click();
  await pick(editor, node);
}

/** Chooses in the open picker and names what was added, whose settings are then open. */
export async function pick(editor: Editor, { type, search = type, name = type }: NewNode): Promise<void> {
  const { page, inspector } = editor;
  await expect(editor.canvas.getByRole('combobox')).toBeFocused();
  await page.keyboard.type(search.toLowerCase());
  await expect(page.getByRole('option').first()).toContainText(type);
  await page.keyboard.press('Enter');
  await expect(editor.canvas.locator('.react-flow__node:focus')).toBeVisible();
  const title = inspector.getByLabel('Name of the node');
  await expect(title).toHaveAttribute('placeholder', type);
  await expect(title).toHaveValue(new RegExp(`^$|^${type} \\d+$|^Undo `));
  if (name !== type) await title.fill(name);
  await expect(editor.node(name)).toBeVisible();
}

export async function addFields(
  editor: Editor,
  title: string,
  fields: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [name, value] of Object.entries(fields)) {
    await editor.setting(title).getByRole('button', { name: 'Add field' }).click();
    await expect(
      editor
        .setting(title)
        .getByRole('textbox', { name: `${title}: name of the field` })
        .last(),
    ).toBeFocused();
    await editor.page.keyboard.type(name);
    await retype(editor.field(`${title}: ${name}`), value);
  }
}

export async function showAll(editor: Editor): Promise<void> {
  await editor.page.getByRole('button', { name: 'Show all of the flow' }).click();
}
