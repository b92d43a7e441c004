import type { Page } from '@playwright/test';

import type { Album, State } from './camera.ts';
import type { Seeded } from './seed.ts';

/** The editor in its states. It is built for wide windows; a narrow one is shown once. */
export function editorAlbum(seeded: Seeded): Album {
  const flow = `/flows/${seeded.flow}`;
  const editor = (
    name: string,
    title: string,
    path = flow,
    prepare?: (page: Page) => Promise<unknown>,
  ): State => ({ name, title, path, isNarrowToo: false, ...(prepare && { prepare }) });
  const canvas = (page: Page) => page.getByRole('region', { name: /^Flow canvas/ });
  return {
    title: 'The editor',
    states: [
      { name: 'canvas', title: 'A flow on the canvas', path: flow },
      editor('canvas-faults', 'A flow with faults', `/flows/${seeded.faultyFlow}`),
      editor('canvas-large', 'Fifty nodes', `/flows/${seeded.largeFlow}`),
      editor('canvas-loop', 'A loop, an approval and an undo', `/flows/${seeded.askingFlow}`),
      editor('canvas-inspector', 'The settings of a node', `${flow}?node=ticket`),
      editor('canvas-picker', 'Adding a node', `${flow}?node=map`, async (page) => {
        await canvas(page)
          .getByRole('group', { name: /^Shape/ })
          .first()
          .focus();
        await page.keyboard.press('Tab');
      }),
      editor('canvas-keys', 'The keys of the canvas', flow, async (page) => {
        await canvas(page).click({ position: { x: 40, y: 40 } });
        await page.keyboard.press('?');
        await page.getByRole('dialog').waitFor();
      }),
    ],
  };
}
