import { duplicateSelection } from '#components/canvas/selection-actions.ts';
import type { EditorStore, PickerRequest } from '#components/canvas/editor-store.ts';
import { labelOf } from '#components/canvas/edit-actions.ts';
import { loopEnd } from '#components/canvas/loop-end.ts';
import { insidePlace, nodeBoxes } from '#components/canvas/node-place.ts';
import { isTrigger, portsOf } from '#components/canvas/node-ports.ts';
import { replaceRefusal } from '#components/canvas/replace-node.ts';
import { canBeUndone } from '#components/canvas/undo-actions.ts';
import type { FlowEdge, FlowNode } from '#core/flow-document.ts';
import { undoneBy } from '#components/canvas/undo-nodes.ts';
import { edgePort } from '#core/flow-document.ts';
import { incomingEdges, nodeById, outgoingEdges } from '#core/graph.ts';

import { moveStep } from './move-step.ts';
import type { BranchItem, OutlineItem, StepItem } from './outline-item.ts';
import { edgeWords } from './outline-words.ts';
import { removeStep } from './remove-step.ts';

export type OutlineActionId =
  | 'open'
  | 'rename'
  | 'add'
  | 'add_before'
  | 'add_way'
  | 'add_undo'
  | 'connect'
  | 'disconnect'
  | 'earlier'
  | 'later'
  | 'replace'
  | 'duplicate'
  | 'remove';

/** Something that can be done at one row of the outline. */
export interface OutlineAction {
  readonly id: OutlineActionId;
  readonly label: string;
  run(): void;
}

/** What can be done at an item, in the order of the menu. For those who only read: what opens. */
export function outlineActions(store: EditorStore, item: OutlineItem): readonly OutlineAction[] {
  const actions = actionsFor(store, item);
  return store.isReadOnly ? actions.filter(({ id }) => id === 'open') : actions;
}

function actionsFor(store: EditorStore, item: OutlineItem): readonly OutlineAction[] {
  switch (item.kind) {
    case 'step':
      return stepActions(store, item);
    case 'branch':
      return branchActions(store, item);
    case 'body':
      return [
        {
          id: 'add',
          label: 'Add a step to the loop',
          run: () => pick(store, insideLoop(store, item.nodeId)),
        },
      ];
    case 'start':
      return item.parent === undefined ? [addUnconnected(store)] : [];
    case 'loose':
      return [addUnconnected(store)];
    case 'reference':
      return edgeActions(store, item.edge);
  }
}

function stepActions(store: EditorStore, item: StepItem): readonly OutlineAction[] {
  const { document } = store.getState();
  const node = nodeById(document, item.nodeId);
  if (!node) return [];
  const { id: nodeId } = node;
  return [
    { id: 'open', label: 'Settings', run: () => openField(store, nodeId, '') },
    { id: 'rename', label: 'Rename', run: () => openField(store, nodeId, '/label') },
    ...(item.role === 'step' ? wayActions(store, item, node) : []),
    ...moveActions(store, nodeId),
    ...(replaceRefusal(document, nodeId) === null
      ? [
          {
            id: 'replace',
            label: 'Replace by…',
            run: () => pick(store, { kind: 'replace', nodeId }),
          } as const,
        ]
      : []),
    { id: 'duplicate', label: 'Duplicate', run: () => duplicate(store, nodeId) },
    { id: 'remove', label: 'Remove', run: () => remove(store, nodeId) },
  ];
}

/** What leads to a step and on from it. */
function wayActions(store: EditorStore, item: StepItem, node: FlowNode): readonly OutlineAction[] {
  const { document } = store.getState();
  const ports = portsOf(node, store.catalog);
  const outgoing = outgoingEdges(document, node.id);
  const [only] = outgoing;
  const isOneWay = ports.length === 1 && outgoing.length === 1 && only !== undefined;
  const after: PickerRequest = isOneWay
    ? { kind: 'insert', edge: only }
    : { kind: 'add_after', nodeId: node.id };
  const { via } = item;
  return [
    ...(ports.length === 0
      ? []
      : [{ id: 'add', label: 'Add a step after', run: () => pick(store, after) } as const]),
    ...beforeAction(store, node),
    ...(isOneWay
      ? [
          {
            id: 'add_way',
            label: 'Add another way from here',
            run: () => pick(store, { kind: 'add_after', nodeId: node.id }),
          } as const,
        ]
      : []),
    ...(canBeUndone(document, node, store.catalog) && node.compensate === undefined
      ? [
          {
            id: 'add_undo',
            label: 'Add what undoes it',
            run: () => pick(store, { kind: 'add_undo', nodeId: node.id }),
          } as const,
        ]
      : []),
    ...(ports.length === 0
      ? []
      : [
          {
            id: 'connect',
            label: 'Connect to…',
            run: () => pick(store, { kind: 'connect', nodeId: node.id }),
          } as const,
        ]),
    ...(via ? [disconnect(store, via)] : []),
  ];
}

function beforeAction(store: EditorStore, node: FlowNode): readonly OutlineAction[] {
  if (isTrigger(node, store.catalog)) return [];
  const incoming = incomingEdges(store.getState().document, node.id);
  const [only] = incoming;
  const { x = 0, y = 0 } = nodeBoxes(store.getState().document, store.catalog).get(node.id) ?? {};
  const request: PickerRequest =
    only && incoming.length === 1
      ? { kind: 'insert', edge: only }
      : { kind: 'add_before', nodeId: node.id, at: { x: x - 80, y } };
  return [{ id: 'add_before', label: 'Add a step before', run: () => pick(store, request) }];
}

function branchActions(store: EditorStore, { nodeId, port, index }: BranchItem): readonly OutlineAction[] {
  const edges = outgoingEdges(store.getState().document, nodeId).filter((edge) => edgePort(edge) === port);
  const edge = edges[index];
  const add: PickerRequest = edge ? { kind: 'insert', edge } : { kind: 'add_after', nodeId, port };
  return [
    { id: 'add', label: 'Add a step at its start', run: () => pick(store, add) },
    ...(edge
      ? [
          {
            id: 'add_way',
            label: 'Add another way from this port',
            run: () => pick(store, { kind: 'add_after', nodeId, port }),
          } as const,
        ]
      : []),
    { id: 'connect', label: 'Connect to…', run: () => pick(store, { kind: 'connect', nodeId, port }) },
    ...(edge ? [disconnect(store, edge)] : []),
  ];
}

function edgeActions(store: EditorStore, edge: FlowEdge): readonly OutlineAction[] {
  return [
    { id: 'add', label: 'Add a step before it', run: () => pick(store, { kind: 'insert', edge }) },
    disconnect(store, edge),
  ];
}

function disconnect(store: EditorStore, edge: FlowEdge): OutlineAction {
  const words = edgeWords(edge, { document: store.getState().document, catalog: store.catalog });
  return {
    id: 'disconnect',
    label: `Disconnect ${words}`,
    run: () =>
      void store.apply({ kind: 'remove_edges', edges: [edge] }, { say: `Edge from ${words} removed` }),
  };
}

function moveActions(store: EditorStore, nodeId: string): readonly OutlineAction[] {
  return (['earlier', 'later'] as const).flatMap((to): OutlineAction[] => {
    const operations = moveStep(store.getState().document, store.catalog, { nodeId, to });
    if (!operations) return [];
    const say = `${labelOf(store, nodeId)} moved one step ${to}`;
    return [{ id: to, label: `Move one step ${to}`, run: () => void store.apply(operations, { say }) }];
  });
}

function duplicate(store: EditorStore, nodeId: string): void {
  store.select([nodeId]);
  duplicateSelection(store);
}

/** The keyboard goes to what led to the step. */
function remove(store: EditorStore, nodeId: string): void {
  const { document } = store.getState();
  const [into] = incomingEdges(document, nodeId);
  const before = into?.from ?? undoneBy(document, nodeId)?.id ?? nodeById(document, nodeId)?.parent;
  if (!store.apply(removeStep(document, nodeId), { say: `${labelOf(store, nodeId)} removed` })) return;
  store.select(before === undefined ? [] : [before]);
}

function addUnconnected(store: EditorStore): OutlineAction {
  return { id: 'add', label: 'Add a step', run: () => pick(store, { kind: 'add' }) };
}

/** At the end of the body of a loop, or as its first step. */
function insideLoop(store: EditorStore, loopId: string): PickerRequest {
  const { document } = store.getState();
  const end = loopEnd(document, loopId, store.catalog);
  if (end) return { kind: 'add_after', ...end };
  return { kind: 'add', parent: loopId, at: insidePlace(document, store.catalog, loopId) };
}

function pick(store: EditorStore, picker: PickerRequest): void {
  store.setState({ picker });
}

function openField(store: EditorStore, nodeId: string, pointer: string): void {
  store.select([nodeId]);
  store.setState({ isInspectorOpen: true, fieldToOpen: { nodeId, pointer } });
}
