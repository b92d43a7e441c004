import { applyOperation } from '#core/apply-operation.ts';
import type { Catalog } from '#core/catalog.ts';
import type { FlowDocument } from '#core/flow-document.ts';

import { changesBetween } from './document-changes.ts';
import type { DocumentChange } from './document-changes.ts';
import { findOverlaps } from './overlaps.ts';
import type { Overlap } from './overlaps.ts';
import { separateNewNodes } from './separate-new-nodes.ts';
import { sameJson } from '#core/same-json.ts';

/** Three states of one draft: the last one both sides knew, this editor's, and the one now stored. */
export interface Divergence {
  readonly base: FlowDocument;
  readonly mine: FlowDocument;
  readonly theirs: FlowDocument;
}

export type Rebase =
  | {
      readonly kind: 'merged';
      readonly document: FlowDocument;
      readonly theirChanges: readonly DocumentChange[];
    }
  | { readonly kind: 'overlap'; readonly overlaps: readonly Overlap[] };

/**
 * Puts my edits on top of theirs. Edits of different places merge; the same place edited differently, a node that one
 * side edited and the other removed, or a result that would be no valid flow is an overlap, for a person to settle.
 * When both sides moved the same node, mine stays where I put it: a place on the canvas is no content.
 */
export function rebaseDraft(divergence: Divergence, catalog: Catalog): Rebase {
  const { base, theirs } = divergence;
  const mine = separateNewNodes(divergence);
  const theirChanges = changesBetween(base, theirs);
  const myChanges = changesBetween(base, mine).filter((change) => !isSettled(change, theirChanges));
  const overlaps = findOverlaps(myChanges, theirChanges, { documents: [mine, base, theirs], catalog });
  if (overlaps.length > 0) return { kind: 'overlap', overlaps };
  return applyChanges(theirs, myChanges, { catalog, theirChanges });
}

/** True when they did the same, or removed what I merely moved or unplugged. */
function isSettled(change: DocumentChange, theirs: readonly DocumentChange[]): boolean {
  return theirs.some((other) => {
    if (other.place === change.place && other.kind === change.kind)
      return sameJson(other.value, change.value);
    const isLayout = change.kind === 'moved' || change.kind === 'edge_removed';
    return isLayout && other.kind === 'node_removed' && change.nodeIds.includes(other.nodeIds[0] ?? '');
  });
}

function applyChanges(
  theirs: FlowDocument,
  changes: readonly DocumentChange[],
  { catalog, theirChanges }: { catalog: Catalog; theirChanges: readonly DocumentChange[] },
): Rebase {
  let document = theirs;
  for (const change of changes) {
    const applied = applyOperation(document, change.operation, catalog);
    if (!applied.ok) {
      const message = applied.faults[0]?.message ?? 'it no longer fits the flow';
      const nodeId = change.nodeIds[0] ?? null;
      const overlap = {
        place: change.place,
        nodeId,
        label: nodeId ?? 'Flow',
        mine: change.what,
        theirs: message,
      };
      return { kind: 'overlap', overlaps: [overlap] };
    }
    document = applied.flow;
  }
  return { kind: 'merged', document, theirChanges };
}
