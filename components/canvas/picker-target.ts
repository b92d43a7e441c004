import type { Position } from '#core/flow-document.ts';

import type { AddTarget } from './edit-actions.ts';
import type { EditorStore, PickerRequest } from './editor-store.ts';
import { portsOf } from './node-ports.ts';
import { NODE_WIDTH, nodeHeight } from './node-size.ts';

/** Where the chosen node goes, or from where the edge to it leads. Null when the node asked for is gone. */
export function pickerTarget(
  store: EditorStore,
  { request, port, centre }: { request: PickerRequest; port: string | undefined; centre: () => Position },
):
  | AddTarget
  | { readonly kind: 'connect'; readonly nodeId: string; readonly port: string }
  | { readonly kind: 'undo'; readonly nodeId: string }
  | { readonly kind: 'replace'; readonly nodeId: string }
  | null {
  switch (request.kind) {
    case 'add':
      return { kind: 'at', position: request.at ?? centre(), parent: request.parent };
    case 'add_undo':
      return { kind: 'undo', nodeId: request.nodeId };
    case 'replace':
      return { kind: 'replace', nodeId: request.nodeId };
    case 'insert':
      return { kind: 'on_edge', edge: request.edge };
    case 'add_before': {
      const position = { x: request.at.x - NODE_WIDTH, y: request.at.y - nodeHeight(1) / 2 };
      return { kind: 'before', nodeId: request.nodeId, position };
    }
    case 'add_after':
    case 'connect':
      return afterTarget(store, request, port);
  }
}

function afterTarget(
  store: EditorStore,
  request: Extract<PickerRequest, { kind: 'add_after' | 'connect' }>,
  chosenPort: string | undefined,
) {
  const node = store.getState().document.nodes.find((candidate) => candidate.id === request.nodeId);
  if (!node) return null;
  const [first] = portsOf(node, store.catalog);
  const port = chosenPort ?? request.port ?? first;
  if (port === undefined) return null;
  if (request.kind === 'connect') return { kind: 'connect', nodeId: node.id, port } as const;
  // The connection was let go of at the new node's left edge, half way down.
  const position = request.at && { x: request.at.x, y: request.at.y - nodeHeight(1) / 2 };
  return { kind: 'after', nodeId: node.id, port, position } as const;
}
