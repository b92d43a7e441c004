import type { Catalog } from '#core/catalog.ts';
import type { FlowDocument } from '#core/flow-document.ts';
import { nodeById } from '#core/graph.ts';

import type { DocumentChange } from './document-changes.ts';
import { nodeLabel } from './node-ports.ts';

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
  flow: { readonly documents: readonly FlowDocument[]; readonly catalog: Catalog },
): Overlap[] {
  const found = new Map<string, Overlap>();
  for (const change of mine) {
    const other = theirs.find((candidate) => collides(change, candidate));
    if (!other) continue;
    const nodeId = change.nodeIds[0] ?? null;
    const label = nodeId === null ? 'Flow' : labelIn(nodeId, flow);
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

function labelIn(nodeId: string, flow: { documents: readonly FlowDocument[]; catalog: Catalog }): string {
  const node = flow.documents
    .map((document) => nodeById(document, nodeId))
    .find((found) => found !== undefined);
  return node ? nodeLabel(node, flow.catalog) : nodeId;
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
      return change.value === undefined
        ? `removed ${change.what}`
        : `set ${change.what} to ${short(change.value)}`;
  }
}

const SHORT = 60;

function short(value: unknown): string {
  const text = typeof value === 'string' ? `“${value}”` : JSON.stringify(value);
  return text.length > SHORT ? `${text.slice(0, SHORT - 1)}…` : text;
}
