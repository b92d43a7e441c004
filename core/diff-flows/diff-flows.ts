import { edgeId } from '../edge-id.ts';
import type { FlowDocument, FlowEdge, FlowNode, FlowNote } from '../flow-document.ts';
import type { Json } from '../json.ts';
import { changedPins } from '../pins/changed-pins.ts';
import { sameJson } from '../same-json.ts';
import { fieldChanges, type FieldChange } from './field-changes.ts';

/** What became of a node: `moved` when nothing but its place changed. */
export interface NodeDiff {
  readonly nodeId: string;
  readonly kind: 'added' | 'removed' | 'changed' | 'moved';
  /** Undefined for an added node. */
  readonly before: FlowNode | undefined;
  /** Undefined for a removed node. */
  readonly after: FlowNode | undefined;
  /** The fields of a changed node; paths begin in the node: `['config', 'url']`, `['label']`. */
  readonly fields: readonly FieldChange[];
}

/** What became of a note: `moved` when nothing but its place or size changed. */
export interface NoteDiff {
  readonly noteId: string;
  readonly kind: NodeDiff['kind'];
  readonly before: FlowNote | undefined;
  readonly after: FlowNote | undefined;
}

/** Every difference between two documents of a flow. */
export interface FlowDiff {
  /** Nodes that are not as before, in the order of the later document, removed ones last. */
  readonly nodes: readonly NodeDiff[];
  readonly edges: { readonly added: readonly FlowEdge[]; readonly removed: readonly FlowEdge[] };
  /** The flow's own fields: `['name']`, `['slug']`, `['description']`, `['settings', 'timeoutSeconds']`. */
  readonly flow: readonly FieldChange[];
  readonly notes: readonly NoteDiff[];
  /** Pinned outputs, one change a node: the path is the node's id. */
  readonly pins: readonly FieldChange[];
  /** Answers in named sets: the path is the name of the set and the node's id. */
  readonly pinSets: readonly FieldChange[];
}

/**
 * What changed from one document to another, field by field. The order in which nodes, edges and notes are listed says
 * nothing and is left out; the order of a node's settings counts, as it is the one that is sent on.
 */
export function diffFlows(before: FlowDocument, after: FlowDocument): FlowDiff {
  return {
    nodes: diffItems(before.nodes, after.nodes, diffNode),
    edges: { added: edgesOnlyIn(after, before), removed: edgesOnlyIn(before, after) },
    flow: fieldChanges(flowFields(before), flowFields(after)),
    notes: diffItems(before.notes, after.notes, diffNote),
    pins: Object.keys({ ...before.pins, ...after.pins }).flatMap((nodeId) =>
      sameJson(before.pins[nodeId], after.pins[nodeId])
        ? []
        : [{ path: [nodeId], before: before.pins[nodeId], after: after.pins[nodeId] }],
    ),
    pinSets: changedPins(before.pinSets, after.pinSets).map(({ set, nodeId, ...change }) => ({
      path: [set, nodeId],
      before: change.before,
      after: change.after,
    })),
  };
}

/** True when the documents say the same. */
export function isSameFlow({ nodes, edges, flow, notes, pins, pinSets }: FlowDiff): boolean {
  return [nodes, edges.added, edges.removed, flow, notes, pins, pinSets].every(
    (changes) => changes.length === 0,
  );
}

function diffItems<T extends { readonly id: string }, D>(
  before: readonly T[],
  after: readonly T[],
  diff: (before: T | undefined, after: T | undefined) => D | null,
): D[] {
  const old = new Map(before.map((item) => [item.id, item]));
  const kept = new Set(after.map(({ id }) => id));
  return [
    ...after.map((item) => diff(old.get(item.id), item)),
    ...before.filter(({ id }) => !kept.has(id)).map((item) => diff(item, undefined)),
  ].filter((found) => found !== null);
}

function diffNode(before: FlowNode | undefined, after: FlowNode | undefined): NodeDiff | null {
  const nodeId = (after ?? before)?.id ?? '';
  if (!before || !after) return { nodeId, kind: before ? 'removed' : 'added', before, after, fields: [] };
  const { position: oldPlace, config: oldConfig, ...oldRest } = before;
  const { position: newPlace, config: newConfig, ...newRest } = after;
  const fields = [
    ...fieldChanges(oldRest, newRest),
    ...fieldChanges(oldConfig, newConfig, { path: ['config'], isOrdered: true }),
  ];
  if (fields.length > 0) return { nodeId, kind: 'changed', before, after, fields };
  return sameJson(oldPlace, newPlace) ? null : { nodeId, kind: 'moved', before, after, fields };
}

function diffNote(before: FlowNote | undefined, after: FlowNote | undefined): NoteDiff | null {
  const noteId = (after ?? before)?.id ?? '';
  if (!before || !after) return { noteId, kind: before ? 'removed' : 'added', before, after };
  if (sameJson(before, after)) return null;
  const isMoved = sameJson(withoutPlace(before), withoutPlace(after));
  return { noteId, kind: isMoved ? 'moved' : 'changed', before, after };
}

function withoutPlace({ position, size, ...rest }: FlowNote): Partial<FlowNote> {
  return rest;
}

function edgesOnlyIn({ edges }: FlowDocument, other: FlowDocument): FlowEdge[] {
  const known = new Set(other.edges.map(edgeId));
  return edges.filter((edge) => !known.has(edgeId(edge)));
}

function flowFields({ name, slug, description, settings }: FlowDocument): Json {
  return { name, slug, description, settings };
}
