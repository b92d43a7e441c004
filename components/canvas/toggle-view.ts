import type { EditorStore } from './editor-store.ts';
import { focusCanvas } from './focus-region.ts';

/** Shows the outline in place of the canvas, or the canvas again, with focus on the same node. */
export function toggleView(store: EditorStore): void {
  const view = store.getState().view === 'canvas' ? 'outline' : 'canvas';
  store.setState({ view, picker: null });
  store.announce(view === 'outline' ? 'Outline of the flow' : 'Canvas of the flow');
  whenDrawn(
    () => document.querySelector('[data-region="canvas"][data-view]')?.getAttribute('data-view') === view,
  );
}

/** About two seconds: the code of the outline is loaded when it is first asked for. */
const MAX_FRAMES = 120;

function whenDrawn(isDrawn: () => boolean, frame = 0): void {
  if (isDrawn()) focusCanvas();
  else if (frame < MAX_FRAMES) requestAnimationFrame(() => whenDrawn(isDrawn, frame + 1));
}
