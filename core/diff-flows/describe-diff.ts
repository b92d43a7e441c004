import type { Catalog } from '../catalog.ts';
import { edgePort, type FlowDocument, type FlowEdge } from '../flow-document.ts';
import { noteTitle } from '../markdown/note-title.ts';
import { describeFlowField, describeNodeField } from './describe-field.ts';
import type { FlowDiff, NodeDiff, NoteDiff } from './diff-flows.ts';
import type { FieldChange } from './field-changes.ts';
import { nodeNames } from './node-names.ts';

/** One change as a sentence without its full stop. */
export interface ChangeInWords {
  readonly kind: 'added' | 'removed' | 'changed' | 'moved';
  readonly text: string;
  /** The node to show for it; null for what concerns the flow as a whole. */
  readonly nodeId: string | null;
}

export interface DescribedFlows {
  readonly before: FlowDocument;
  readonly after: FlowDocument;
  readonly catalog: Catalog;
}

/**
 * A sentence for each change, those of nodes first: "Create deal: amount is now trigger.body.total". Edges of an added node
 * are told with it, those of a removed node go without saying; nodes that only moved are counted.
 */
export function describeDiff(diff: FlowDiff, flows: DescribedFlows): ChangeInWords[] {
  const name = nodeNames(flows);
  const oldName = nodeNames({ ...flows, after: flows.before });
  return [
    ...ORDER.flatMap((kind) => diff.nodes.filter((node) => node.kind === kind)).flatMap((node) =>
      describeNode(node, diff, { name, oldName }),
    ),
    ...describeEdges(diff, name),
    ...diff.flow.map((field): ChangeInWords => ({
      kind: 'changed',
      text: describeFlowField(field),
      nodeId: null,
    })),
    ...diff.notes.filter(({ kind }) => kind !== 'moved').map(describeNote),
    ...diff.pins.map((pin) => describePin(pin, 'output', name)),
    ...diff.pinSets.map((pin) => describePin(pin, 'answer', name)),
    ...describeMoves(diff),
  ];
}

/** What came and went says more than what changed. */
const ORDER = ['added', 'removed', 'changed'] as const;

type Name = (nodeId: string) => string;

function describeNode(
  node: NodeDiff,
  diff: FlowDiff,
  { name, oldName }: { name: Name; oldName: Name },
): ChangeInWords[] {
  const { kind, nodeId } = node;
  switch (kind) {
    case 'added':
      return [{ kind, nodeId, text: [`${name(nodeId)} was added`, ...placeOf(node, diff, name)].join(', ') }];
    case 'removed':
      return [{ kind, nodeId, text: `${name(nodeId)} was removed` }];
    case 'changed':
      return node.fields.map((field) => ({
        kind,
        nodeId,
        text: describeNodeField(node, field, { name, oldName }),
      }));
    case 'moved':
      return [];
  }
}

/** `after Map, before Post, in Each` */
function placeOf({ nodeId, after }: NodeDiff, { edges }: FlowDiff, name: Name): string[] {
  const sources = edges.added.filter(({ to }) => to === nodeId).map((edge) => sourceName(edge, name));
  const targets = edges.added.filter(({ from }) => from === nodeId).map(({ to }) => name(to));
  return [
    ...(sources.length > 0 ? [`after ${inList(sources)}`] : []),
    ...(targets.length > 0 ? [`before ${inList([...new Set(targets)])}`] : []),
    ...(after?.parent === undefined ? [] : [`in ${name(after.parent)}`]),
  ];
}

function describeEdges({ nodes, edges }: FlowDiff, name: Name): ChangeInWords[] {
  const idsOf = (kind: NodeDiff['kind']) =>
    new Set(nodes.filter((node) => node.kind === kind).map(({ nodeId }) => nodeId));
  const [added, removed] = [idsOf('added'), idsOf('removed')];
  const between = (edge: FlowEdge, ids: ReadonlySet<string>) => ids.has(edge.from) || ids.has(edge.to);
  return [
    ...edges.added
      .filter((edge) => !between(edge, added))
      .map((edge): ChangeInWords => ({
        kind: 'changed',
        nodeId: edge.from,
        text: `${sourceName(edge, name)} now leads to ${name(edge.to)}`,
      })),
    ...edges.removed
      .filter((edge) => !between(edge, removed))
      .map((edge): ChangeInWords => ({
        kind: 'changed',
        nodeId: edge.from,
        text: `${sourceName(edge, name)} no longer leads to ${name(edge.to)}`,
      })),
  ];
}

function sourceName(edge: FlowEdge, name: Name): string {
  const port = edgePort(edge);
  return port === 'out' ? name(edge.from) : `${name(edge.from)} (${port})`;
}

function describeNote({ kind, before, after }: NoteDiff): ChangeInWords {
  const note = after ?? before;
  const title = note === undefined ? '' : noteTitle(note);
  const verb = kind === 'added' || kind === 'removed' ? `was ${kind}` : 'changed';
  const what = note?.nodes === undefined ? 'note' : 'group';
  return { kind, nodeId: null, text: `The ${what} “${title}” ${verb}` };
}

function describePin({ path, before, after }: FieldChange, noun: string, name: Name): ChangeInWords {
  const nodeId = path.at(-1) ?? '';
  const verb = before === undefined ? 'was pinned' : after === undefined ? 'is no longer pinned' : 'changed';
  const what = verb === 'changed' ? `the pinned ${noun}` : `an ${noun} for tests`;
  const where = path.length > 1 ? ` in the set “${path[0]}”` : '';
  return { kind: 'changed', text: `${name(nodeId)}: ${what} ${verb}${where}`, nodeId };
}

function describeMoves({ nodes, notes }: FlowDiff): ChangeInWords[] {
  const moved = nodes.filter(({ kind }) => kind === 'moved');
  const movedNotes = notes.filter(({ kind }) => kind === 'moved').length;
  const counts = [
    ...(moved.length > 0 ? [counted(moved.length, 'node')] : []),
    ...(movedNotes > 0 ? [counted(movedNotes, 'note')] : []),
  ];
  if (counts.length === 0) return [];
  return [{ kind: 'moved', nodeId: moved[0]?.nodeId ?? null, text: `${counts.join(' and ')} moved` }];
}

const counted = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`;

function inList(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
