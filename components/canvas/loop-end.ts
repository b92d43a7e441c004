import type { Catalog } from '#core/catalog.ts';
import type { FlowDocument } from '#core/flow-document.ts';

import { freePorts } from './free-ports.ts';
import { bodyOf } from './loop-bodies.ts';
import { isUndo } from './undo-nodes.ts';

/** Where a body goes on: its last node with a port that leads nowhere yet, and that port. Undefined in an empty one. */
export function loopEnd(
  document: FlowDocument,
  loopId: string,
  catalog: Catalog,
): { readonly nodeId: string; readonly port: string } | undefined {
  for (const node of bodyOf(document, loopId).toReversed()) {
    const [port] = isUndo(document, node.id) ? [] : freePorts(document, node, catalog);
    if (port !== undefined) return { nodeId: node.id, port };
  }
  return undefined;
}
