import type { FlowDocument } from '#core/flow-document.ts';

import type { DocumentChange } from './document-changes.ts';

/** One place where two people's edits cannot both stand. */
export interface Overlap {
  readonly place: string;
  readonly nodeId: string | null;
  /** The node's label, or `Flow`. */
  readonly label: string;
  /** What each side did there, in words. */
  readonly mine: string;
  readonly theirs: string;
}

/** The places that both sides changed, in a way that keeps only one of the two. */
export function findOverlaps(
  mine: readonly DocumentChange[],
  theirs: readonly DocumentChange[],
  documents: { readonly base: FlowDocument; readonly mine: FlowDocument; readonly theirs: FlowDocument },
): Overlap[] {
  const found = new Map<string, Overlap>();
  for (const change of mine) {
    const other = theirs.find((candidate) => collides(change, candidate));
    if (!other) continue;
    const nodeId = change.nodeIds[0] ?? null;
    const label =
      nodeId === null ? 'Flow' : labelOf(nodeId, [documents.base, documents.mine, documents.theirs]);
    found.set(change.place, {
      place: change.place,
      nodeId,
      label,
      mine: inWords(change),
      theirs: inWords(other),
    });
  }
  return [...found.values()];
}

/** True when only one of two changes, each of another side, can stand. */
export function collides(change: DocumentChange, other: DocumentChange): boolean {
  if (change.kind === 'moved' || other.kind === 'moved') return false;
  if (change.kind === 'node_removed') return isContentOf(change.nodeIds[0], other);
  if (other.kind === 'node_removed') return isContentOf(other.nodeIds[0], change);
  return isWithin(change.place, other.place) || isWithin(other.place, change.place);
}

/** Removing a node undoes what the other side wrote in it or plugged into it; unplugging it is no loss. */
function isContentOf(nodeId: string | undefined, change: DocumentChange): boolean {
  if (nodeId === undefined || !change.nodeIds.includes(nodeId)) return false;
  return change.kind === 'edited' || change.kind === 'edge_added' || change.kind === 'node_added';
}

function isWithin(place: string, outer: string): boolean {
  return place === outer || place.startsWith(`${outer}/`);
}

function labelOf(nodeId: string, documents: readonly FlowDocument[]): string {
  for (const document of documents) {
    const node = document.nodes.find((candidate) => candidate.id === nodeId);
    if (node) return node.label ?? node.id;
  }
  return nodeId;
}

function inWords(change: DocumentChange): string {
  switch (change.kind) {
    case 'node_added':
      return 'added it';
    case 'node_removed':
      return 'removed it';
    case 'edge_added':
      return `connected ${change.nodeIds.join(' to ')}`;
    case 'edge_removed':
      return `disconnected ${change.nodeIds.join(' from ')}`;
    case 'moved':
      return 'moved it';
    case 'edited':
      return `changed ${change.what}`;
  }
}
