import type { Position } from '#core/flow-document.ts';

import { centreOfCanvas } from './canvas-centre.ts';
import { addNode, addOrReplaceTrigger } from './edit-actions.ts';
import type { AddTarget } from './edit-actions.ts';
import type { EditorStore } from './editor-store.ts';
import { isLoop } from './loop-bodies.ts';
import { loopEnd } from './loop-end.ts';
import { insidePlace } from './node-place.ts';
import { portsOf } from './node-ports.ts';
import type { PickerItem } from './picker-items.ts';
import { freePorts } from './free-ports.ts';
import { isUndo } from './undo-nodes.ts';

/** A click in the palette: an action follows the one selected node, anything else lands in the middle of the view. Its id. */
export function addFromPalette(
  store: EditorStore,
  item: PickerItem,
  toFlow: (point: Position) => Position,
): string | undefined {
  const target = afterSelection(store, item) ?? { kind: 'at', position: centreOfCanvas(toFlow) };
  return item.kind === 'trigger' ? addOrReplaceTrigger(store, item, target) : addNode(store, item, target);
}

function afterSelection(store: EditorStore, item: PickerItem): AddTarget | undefined {
  const { document, selectedNodeIds } = store.getState();
  const [nodeId] = selectedNodeIds;
  const node = document.nodes.find((candidate) => candidate.id === nodeId);
  if (!node || selectedNodeIds.size !== 1 || item.kind === 'trigger') return undefined;
  if (isUndo(document, node.id)) return undefined;
  if (isLoop(node, store.catalog)) return intoLoop(store, node.id);
  const port = freePorts(document, node, store.catalog)[0] ?? portsOf(node, store.catalog)[0];
  return port === undefined ? undefined : { kind: 'after', nodeId: node.id, port };
}

/** After the last node of the body that leads nowhere yet, or as its first one. */
function intoLoop(store: EditorStore, parent: string): AddTarget {
  const { document } = store.getState();
  const { catalog } = store;
  const end = loopEnd(document, parent, catalog);
  if (end) return { kind: 'after', ...end };
  return { kind: 'at', position: insidePlace(document, catalog, parent), parent };
}
