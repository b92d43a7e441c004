'use client';

import { useReactFlow } from '@xyflow/react';
import { useEffect } from 'react';
import { tinykeys } from 'tinykeys';

import { paletteStore } from '#components/command/command-registry.ts';
import { useNoteCommands } from '#components/notes/use-note-commands.ts';
import type { FlowNode } from '#core/flow-document.ts';
import { nodeById } from '#core/graph.ts';

import { alignSelection, distributeSelection } from './arrange-selection.ts';
import { useEditorStore } from './editor-context.tsx';
import type { EditorStore, PickerRequest } from './editor-store.ts';
import { foldingOf, toggleFold } from './folding.ts';
import { openRunPart } from '#components/flow-tests/open-run-part.ts';
import { focusNextRegion } from './focus-region.ts';
import { groupSelection, ungroupSelection } from './group-actions.ts';
import { isKeyFor } from './key-scope.ts';
import { isLoop } from './loop-bodies.ts';
import { loopEnd } from './loop-end.ts';
import { insidePlace, nodeBoxes } from './node-place.ts';
import { portsOf } from './node-ports.ts';
import { replaceRefusal } from './replace-node.ts';
import { duplicateSelection, nudgeSelection, removeSelection } from './selection-actions.ts';
import { SHORTCUTS } from './shortcuts.ts';
import type { ShortcutId } from './shortcuts.ts';
import { tidy } from './tidy.ts';
import { toggleView } from './toggle-view.ts';
import { isUndo } from './undo-nodes.ts';
import { useNextFault } from './use-next-fault.ts';
import { useRevealNode } from './use-reveal-node.ts';
import { FIT_VIEW, zoomMs } from './view-moves.ts';
import { arrowDirection, walk } from './walk.ts';

type Action = (event: KeyboardEvent) => void;

/**
 * The canvas's keys. They work while focus is on the canvas or nowhere in particular; a field, a list or a dialog keeps
 * its own keys. Only F6, F8, finding, undo and redo also work from buttons of the header and the panels.
 */
export function useCanvasKeys(host: HTMLElement | null): void {
  const store = useEditorStore();
  const { zoomIn, zoomOut, zoomTo, fitView } = useReactFlow();
  const reveal = useRevealNode();
  const goToFault = useNextFault();
  const notes = useNoteCommands();
  useEffect(() => {
    const focusNode = (nodeId: string | undefined) => {
      if (nodeId === undefined) return;
      store.select([nodeId]);
      reveal(nodeId);
    };
    const actions: Readonly<Record<ShortcutId, Action>> = {
      add: () => openPicker(store),
      add_after: () => openPicker(store, true),
      connect: () => openConnect(store),
      rename: () => openField(store, '/label'),
      open: () => openField(store, ''),
      remove: () => {
        removeSelection(store);
        host?.focus();
      },
      duplicate: () => duplicateSelection(store),
      copy: () => undefined,
      cut: () => undefined,
      paste: () => undefined,
      undo: () => store.undo(),
      redo: () => store.redo(),
      select_all: () => selectAll(store),
      clear: () => store.select([]),
      walk: (event) => focusNode(nextNode(store, event.key)),
      nudge: (event) => nudge(store, event.key),
      zoom_in: () => void zoomIn({ duration: zoomMs() }),
      zoom_out: () => void zoomOut({ duration: zoomMs() }),
      zoom_100: () => void zoomTo(1, { duration: zoomMs() }),
      zoom_fit: () => void fitView({ ...FIT_VIEW, duration: zoomMs() }),
      replace: () => openReplace(store),
      group: () => groupSelection(store),
      ungroup: () => ungroupSelection(store),
      fold: () => toggleFold(store),
      align_left: () => alignSelection(store, 'left'),
      align_centre: () => alignSelection(store, 'centre'),
      align_right: () => alignSelection(store, 'right'),
      align_top: () => alignSelection(store, 'top'),
      align_middle: () => alignSelection(store, 'middle'),
      align_bottom: () => alignSelection(store, 'bottom'),
      distribute_horizontally: () => distributeSelection(store, 'horizontally'),
      distribute_vertically: () => distributeSelection(store, 'vertically'),
      tidy: () => void tidy(store).then((isWhole) => isWhole && fitView({ ...FIT_VIEW, duration: zoomMs() })),
      outline: () => toggleView(store),
      find: () => paletteStore.setState({ mode: 'find' }),
      next_fault: () => goToFault(1),
      last_fault: () => goToFault(-1),
      palette: () => undefined,
      run: () => store.setState({ dialog: 'run' }),
      run_step: () => openRunPart(store, 'only'),
      run_up_to: () => openRunPart(store, 'up_to'),
      publish: () => store.setState({ dialog: 'publish' }),
      note: () => notes.add(),
      next_note: () => notes.goToNext(),
      size_note: () => undefined,
      next_region: () => focusNextRegion(),
      help: () => store.setState({ isHelpOpen: true }),
    };
    const bindings = SHORTCUTS.flatMap(({ id, bindings: keys }) =>
      keys.map((key): [string, Action] => [
        key,
        (event) => runAction(event, { id, host: host, action: actions[id] }),
      ]),
    );
    return tinykeys(window, Object.fromEntries(bindings));
  }, [store, host, reveal, goToFault, notes, zoomIn, zoomOut, zoomTo, fitView]);
}

/** A button on the canvas (zoom, for example) keeps the keys that press it or leave it. */
const BUTTON_KEYS: ReadonlySet<ShortcutId> = new Set(['open', 'add']);

function runAction(
  event: KeyboardEvent,
  { id, host, action }: { id: ShortcutId; host: HTMLElement | null; action: Action },
): void {
  if (!isKeyFor(event, id, { host, buttonKeys: BUTTON_KEYS })) return;
  event.preventDefault();
  action(event);
}

/** Into the selected loop, else after the selected node. `isAfter`: after it in any case. */
function openPicker(store: EditorStore, isAfter = false): void {
  if (store.isReadOnly) return;
  const { document } = store.getState();
  const [nodeId] = [...store.getState().selectedNodeIds].slice(-1);
  const node = nodeId === undefined ? undefined : nodeById(document, nodeId);
  store.setState({ picker: pickerFor(store, node, isAfter) });
}

function pickerFor(store: EditorStore, node: FlowNode | undefined, isAfter: boolean): PickerRequest {
  if (!node) return { kind: 'add' };
  const { document } = store.getState();
  const { catalog } = store;
  if (isLoop(node, catalog) && !isAfter) {
    const end = loopEnd(document, node.id, catalog);
    return end ? { kind: 'add_after', nodeId: end.nodeId } : addInside(store, node.id);
  }
  if (portsOf(node, catalog).length > 0 && !isUndo(document, node.id))
    return { kind: 'add_after', nodeId: node.id };
  return node.parent === undefined ? { kind: 'add' } : addInside(store, node.parent);
}

function addInside(store: EditorStore, parent: string): PickerRequest {
  return { kind: 'add', parent, at: insidePlace(store.getState().document, store.catalog, parent) };
}

function openConnect(store: EditorStore): void {
  const [nodeId] = [...store.getState().selectedNodeIds].slice(-1);
  if (nodeId === undefined || store.isReadOnly) store.announce('Select a node first, then press C');
  else store.setState({ picker: { kind: 'connect', nodeId } });
}

function openReplace(store: EditorStore): void {
  const [nodeId] = [...store.getState().selectedNodeIds].slice(-1);
  if (nodeId === undefined || store.isReadOnly) return store.announce('Select a node to replace first');
  const refusal = replaceRefusal(store.getState().document, nodeId);
  if (refusal !== null) store.announce(refusal);
  else store.setState({ picker: { kind: 'replace', nodeId } });
}

/** `pointer` is relative to the node: a field of the inspector, or empty for the first one. */
function openField(store: EditorStore, pointer: string): void {
  const [nodeId] = [...store.getState().selectedNodeIds].slice(-1);
  if (nodeId !== undefined) store.setState({ isInspectorOpen: true, fieldToOpen: { nodeId, pointer } });
}

function selectAll(store: EditorStore): void {
  const { document, foldedIds } = store.getState();
  const { hidden, groupOf } = foldingOf(document, foldedIds);
  const seen = document.nodes.filter(({ id }) => !hidden.has(id) && !groupOf.has(id));
  store.select(seen.map(({ id }) => id));
  store.announce(`${document.nodes.length} nodes selected`);
}

function nextNode(store: EditorStore, key: string): string | undefined {
  const { document, selectedNodeIds } = store.getState();
  const direction = arrowDirection(key);
  const [from] = [...selectedNodeIds].slice(-1);
  if (from === undefined) return document.nodes[0]?.id;
  return direction && walk(document, nodeBoxes(document, store.catalog), { from, direction });
}

const STEPS = { left: { x: -1, y: 0 }, right: { x: 1, y: 0 }, up: { x: 0, y: -1 }, down: { x: 0, y: 1 } };

function nudge(store: EditorStore, key: string): void {
  const direction = arrowDirection(key);
  if (direction) nudgeSelection(store, STEPS[direction]);
}
