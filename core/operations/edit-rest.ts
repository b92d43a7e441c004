import type { FlowDocument } from '../flow-document.ts';
import type { FlowOperation } from '../flow-operation.ts';
import { type Edit, edited, noSuchNode, refuse, sameEdge } from './edit.ts';
import { withPinSets } from './with-pin-sets.ts';

type Operation<K extends FlowOperation['kind']> = Extract<FlowOperation, { kind: K }>;

export function addEdge(flow: FlowDocument, { edge }: Operation<'add_edge'>): Edit {
  return edited({ ...flow, edges: [...flow.edges, edge] });
}

export function removeEdges(flow: FlowDocument, { edges }: Operation<'remove_edges'>): Edit {
  if (edges.length === 0) return edited(flow);
  const missing = edges.find((edge) => !flow.edges.some((other) => sameEdge(other, edge)));
  if (missing !== undefined) {
    return refuse('edge_unknown', `There is no edge from "${missing.from}" to "${missing.to}" any more.`);
  }
  return edited({ ...flow, edges: flow.edges.filter((edge) => !edges.some((gone) => sameEdge(gone, edge))) });
}

export function describeFlow(flow: FlowDocument, operation: Operation<'describe_flow'>): Edit {
  const { name = flow.name, description = flow.description } = operation;
  if (name === flow.name && description === flow.description) return edited(flow);
  return edited({ ...flow, name, description });
}

export function setPin(flow: FlowDocument, { nodeId, output }: Operation<'set_pin'>): Edit {
  if (!flow.nodes.some(({ id }) => id === nodeId)) return noSuchNode(nodeId);
  const { [nodeId]: _, ...others } = flow.pins;
  return edited({ ...flow, pins: output === undefined ? others : { ...others, [nodeId]: output } });
}

export function putPin(flow: FlowDocument, { set, nodeId, answer }: Operation<'put_pin'>): Edit {
  if (!flow.nodes.some(({ id }) => id === nodeId)) return noSuchNode(nodeId);
  const { [set]: own = {}, ...otherSets } = flow.pinSets ?? {};
  const { [nodeId]: _, ...others } = own;
  const changed = answer === undefined ? others : { ...others, [nodeId]: answer };
  const sets = Object.keys(changed).length === 0 ? otherSets : { ...otherSets, [set]: changed };
  return edited(withPinSets(flow, sets));
}

/** Replaces the note with that id, or adds it. */
export function putNote(flow: FlowDocument, { note }: Operation<'put_note'>): Edit {
  const index = flow.notes.findIndex((other) => other.id === note.id);
  return edited({ ...flow, notes: index === -1 ? [...flow.notes, note] : flow.notes.with(index, note) });
}

export function removeNotes(flow: FlowDocument, { noteIds }: Operation<'remove_notes'>): Edit {
  if (noteIds.length === 0) return edited(flow);
  const missing = noteIds.find((id) => !flow.notes.some((note) => note.id === id));
  if (missing !== undefined) return refuse('note_unknown', `There is no note "${missing}" any more.`);
  return edited({ ...flow, notes: flow.notes.filter((note) => !noteIds.includes(note.id)) });
}
