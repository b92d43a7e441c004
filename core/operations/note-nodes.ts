import type { FlowNote } from '../flow-document.ts';

/** The note without these nodes in its group; one that has none left is a plain note. The same object when nothing changes. */
export function withoutNodes(note: FlowNote, gone: ReadonlySet<string>): FlowNote {
  const { nodes, ...rest } = note;
  const left = nodes?.filter((id) => !gone.has(id));
  if (left?.length === nodes?.length) return note;
  return left === undefined || left.length === 0 ? rest : { ...rest, nodes: left };
}
