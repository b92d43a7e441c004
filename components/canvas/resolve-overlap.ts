import { applyOperation } from '#core/apply-operation.ts';
import type { Catalog } from '#core/catalog.ts';
import type { FlowDocument } from '#core/flow-document.ts';

import { changesBetween } from './document-changes.ts';
import { collides } from './overlaps.ts';
import type { Divergence } from './rebase.ts';
import { separateNewNodes } from './separate-new-nodes.ts';

/**
 * Ends an overlap as a person chose: the chosen side's document, with all those edits of the other side that do not touch
 * what the chosen side did, and that still fit.
 */
export function resolveOverlap(
  divergence: Divergence,
  keep: 'mine' | 'theirs',
  catalog: Catalog,
): FlowDocument {
  const { base, theirs } = divergence;
  const mine = separateNewNodes(divergence);
  const [kept, other] = keep === 'mine' ? [mine, theirs] : [theirs, mine];
  const keptChanges = changesBetween(base, kept);
  let document = kept;
  for (const change of changesBetween(base, other)) {
    if (keptChanges.some((ours) => collides(change, ours) || ours.place === change.place)) continue;
    const applied = applyOperation(document, change.operation, catalog);
    if (applied.ok) document = applied.flow;
  }
  return document;
}
