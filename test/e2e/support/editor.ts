import type { Locator, Page } from '@playwright/test';

import { expect } from './e2e-test.ts';

/** A point on the canvas, in pixels from its upper left corner. */
export interface Spot {
  readonly x: number;
  readonly y: number;
}

/** Moves of the mouse in a drag, as of a hand: in a single one, a slow browser sees no drag begin. */
export const DRAG_STEPS = 10;

/** The parts of the flow editor, as a person finds them. */
export function editorOf(page: Page) {
  const canvas = page.getByRole('region', { name: /^Flow canvas/ });
  const palette = page.getByRole('complementary', { name: 'Nodes' });
  const inspector = page.getByRole('complementary', { name: 'Settings' });
  const node = (name: string): Locator => canvas.getByRole('group', { name: new RegExp(`^${name}, `) });
  const nodes = canvas.getByRole('group', { name: /^.+, [a-z]+\.[a-z_]+/ });
  const port = (owner: Locator, id: string): Locator => owner.locator(`[data-handleid="${id}"]`);
  return {
    page,
    canvas,
    palette,
    inspector,
    /** Every node on the canvas. */
    nodes,
    /** A node by the name it shows. */
    node,
    edges: canvas.getByRole('img', { name: /^Edge from/ }),
    /** A setting of the selected node with all that belongs to it, by its label. */
    setting: (title: string): Locator => inspector.getByRole('group', { name: title, exact: true }),
    /** A text of the selected node. */
    field: (title: string): Locator => inspector.getByRole('textbox', { name: title, exact: true }),

    /** Selects a node, which shows its settings. */
    async open(name: string): Promise<void> {
      await node(name).click();
      await expect(inspector.getByLabel('Name of the node')).toBeVisible();
    },

    /** Gives a node another name in the inspector. */
    async rename(from: string, to: string): Promise<void> {
      await node(from).click();
      await inspector.getByLabel('Name of the node').fill(to);
      await expect(node(to)).toBeVisible();
    },
    /** Pairs of nodes that lie on each other. */
    async overlappingNodes(): Promise<readonly string[]> {
      const boxes = await nodes.evaluateAll((all) =>
        all.map((each) => each.getBoundingClientRect().toJSON() as DOMRect),
      );
      return boxes.flatMap((a, first) =>
        boxes.flatMap((b, second) =>
          first < second && a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
            ? [`${first} and ${second}`]
            : [],
        ),
      );
    },
    async waitUntilSaved(): Promise<void> {
      await expect(page.getByRole('main').getByText('Saved', { exact: true })).toBeVisible();
    },
    /** Drags an operation from the palette and drops it on the canvas. */
    async dropFromPalette(label: string, targetPosition: Spot): Promise<void> {
      await palette
        .getByRole('button', { name: new RegExp(`^${label}\\b`) })
        .dragTo(canvas, { targetPosition, steps: DRAG_STEPS });
    },
    /** Drags with the mouse from a node's outgoing port to the other's incoming one. */
    async connect(from: Locator, fromPort: string, to: Locator): Promise<void> {
      // Both have come to rest: tidying moves nodes gently.
      await port(to, 'in').hover({ trial: true });
      await port(from, fromPort).hover();
      await page.mouse.down();
      const { x, y } = await centreOf(port(to, 'in'));
      await page.mouse.move(x, y, { steps: 12 });
      await page.mouse.up();
    },
    /** Chooses from a list, such as the schemes of a signature. */
    async choose(title: string, option: string | RegExp): Promise<void> {
      await inspector.getByRole('combobox', { name: title, exact: true }).click();
      await page.getByRole('option', { name: option, exact: true }).click();
    },
  };
}

export type Editor = ReturnType<typeof editorOf>;

/** Replaces the text of a field by typing. */
export async function retype(field: Locator, text: string): Promise<void> {
  await field.click();
  await field.press('Control+a');
  if (text === '') await field.press('Delete');
  else await field.pressSequentially(text);
}

/** The middle of an element, in pixels from the window's upper left corner. */
export async function centreOf(locator: Locator): Promise<Spot> {
  const box = await locator.boundingBox();
  if (!box) throw new Error('Not on the screen.');
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}
