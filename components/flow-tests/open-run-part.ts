import type { EditorStore } from '#components/canvas/editor-store.ts';
import { nodeLook } from '#components/canvas/node-look.ts';
import { nodeById } from '#core/graph.ts';

/** Asks how a node, by default the one selected last, is to be run: alone, or with what leads to it. A trigger is not run. */
export function openRunPart(store: EditorStore, kind: 'only' | 'up_to', nodeId = selected(store)): void {
  const node = nodeId === undefined ? undefined : nodeById(store.getState().document, nodeId);
  if (!node || nodeLook(node).tint === 'trigger') return store.announce('Select a step first');
  store.setState({ dialog: 'run', runPart: { kind, nodeId: node.id } });
}

function selected(store: EditorStore): string | undefined {
  return [...store.getState().selectedNodeIds].at(-1);
}
