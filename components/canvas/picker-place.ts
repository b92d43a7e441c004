import type { Position } from '#core/flow-document.ts';

import type { EditorStore, PickerRequest } from './editor-store.ts';
import { nodeBoxes } from './node-place.ts';
import type { Box } from './node-place.ts';

const PANEL = { width: 320, height: 420 };
const MARGIN = 8;
const ROW_INDENT = 32;

/** Where the picker opens, in pixels of the canvas: beside what it is about, and always wholly in sight. */
export function pickerPlace(
  store: EditorStore,
  request: PickerRequest,
  toScreen: (point: Position) => Position,
): { left: number; top: number } {
  const host = document.querySelector('[data-region="canvas"]')?.getBoundingClientRect();
  if (!host) return { left: MARGIN, top: MARGIN };
  const row = rowRect();
  if (row) {
    const below = { left: row.left - host.left + ROW_INDENT, top: row.bottom - host.top };
    return {
      left: clamp(below.left, host.width - PANEL.width - MARGIN),
      top: clamp(below.top, host.height - PANEL.height - MARGIN),
    };
  }
  const boxes = nodeBoxes(store.getState().document, store.catalog);
  const anchor = anchorOf(request, boxes);
  const at = anchor
    ? toScreen(anchor)
    : { x: host.left + (host.width - PANEL.width) / 2, y: host.top + host.height / 5 };
  const left = at.x - host.left;
  const maxLeft = host.width - PANEL.width - MARGIN;
  const box = left > maxLeft && 'nodeId' in request ? boxes.get(request.nodeId) : undefined;
  // No room beside the node: below it, so that what is added to stays in sight.
  const top = box ? toScreen({ x: box.x, y: box.y + box.height }).y + MARGIN : at.y;
  return { left: clamp(left, maxLeft), top: clamp(top - host.top, host.height - PANEL.height - MARGIN) };
}

/** In the outline the picker opens below the row that the keyboard is at. */
function rowRect(): DOMRect | undefined {
  return document
    .querySelector('[data-region="canvas"] [role="treeitem"][tabindex="0"]')
    ?.getBoundingClientRect();
}

function anchorOf(request: PickerRequest, boxes: ReadonlyMap<string, Box>): Position | undefined {
  if ('at' in request && request.at) return request.at;
  switch (request.kind) {
    case 'add':
      return undefined;
    case 'insert': {
      const [from, to] = [boxes.get(request.edge.from), boxes.get(request.edge.to)];
      return from && to && { x: (from.x + from.width + to.x) / 2, y: (from.y + to.y) / 2 + 48 };
    }
    case 'add_after':
    case 'add_before':
    case 'add_undo':
    case 'replace':
    case 'connect': {
      const box = boxes.get(request.nodeId);
      return box && { x: box.x + box.width + 24, y: box.y };
    }
  }
}

function clamp(value: number, max: number): number {
  return Math.max(MARGIN, Math.min(value, max));
}
