import type { FlowDocument } from '#core/flow-document.ts';
import { jsonPointer } from '#core/fault.ts';
import type { FlowOperation } from '#core/flow-operation.ts';

import { operationsBetween } from './document-diff.ts';
import { edgeId } from '#core/edge-id.ts';

/** One smallest edit: it touches one place of the document. */
export interface DocumentChange {
  /** Pointer-like name of the place; one place inside another begins with the other's name and a slash. */
  readonly place: string;
  readonly kind: 'node_added' | 'node_removed' | 'moved' | 'edited' | 'edge_added' | 'edge_removed';
  /** The nodes it concerns: one, or both ends of an edge; none for the flow's own settings. */
  readonly nodeIds: readonly string[];
  /** What was edited, in words: `url`, `retry`, `name of the flow`. */
  readonly what: string;
  /** What the place holds afterwards. */
  readonly value: unknown;
  readonly operation: FlowOperation;
}

/** Every difference between two documents, one change a place. */
export function changesBetween(base: FlowDocument, mine: FlowDocument): DocumentChange[] {
  return operationsBetween(base, mine).flatMap(splitOperation);
}

function splitOperation(operation: FlowOperation): DocumentChange[] {
  switch (operation.kind) {
    case 'remove_nodes':
      return operation.nodeIds.map((id) => nodeChange('node_removed', id, { ...operation, nodeIds: [id] }));
    case 'add_node':
      return [{ ...nodeChange('node_added', operation.node.id, operation), value: operation.node }];
    case 'move_nodes':
      return Object.entries(operation.positions).map(([id, position]) => ({
        ...nodeChange('moved', id, { kind: 'move_nodes', positions: { [id]: position } }),
        place: jsonPointer(['nodes', id, 'position']),
        value: position,
      }));
    case 'set_parent':
      // As a whole: nodes that are connected change loops together or not at all.
      return [
        {
          ...nodeChange('edited', operation.nodeIds[0] ?? '', operation),
          place: jsonPointer(['nodes', operation.nodeIds[0] ?? '', 'parent']),
          nodeIds: operation.nodeIds,
          what: 'loop',
          value: operation.parent,
        },
      ];
    case 'set_config':
      return [
        {
          ...nodeChange('edited', operation.nodeId, operation),
          place: jsonPointer(['nodes', operation.nodeId, 'config', ...operation.path]),
          what: operation.path.join(' › '),
          value: operation.value,
        },
      ];
    case 'set_options':
      return Object.entries(operation.options).map(([key, value]) => ({
        ...nodeChange('edited', operation.nodeId, { ...operation, options: { [key]: value } }),
        place: jsonPointer(['nodes', operation.nodeId, 'options', key]),
        what: OPTION_WORDS[key] ?? key,
        value,
      }));
    case 'remove_edges':
      return operation.edges.map((edge) =>
        edgeChange('edge_removed', edge, { kind: 'remove_edges', edges: [edge] }),
      );
    case 'add_edge':
      return [edgeChange('edge_added', operation.edge, operation)];
    case 'set_settings':
      return [flowChange('settings of the flow', operation.settings, operation)];
    case 'describe_flow':
      return operation.name === undefined
        ? [flowChange('description of the flow', operation.description, operation)]
        : [flowChange('name of the flow', operation.name, operation)];
    case 'set_pin':
      return [
        {
          ...nodeChange('edited', operation.nodeId, operation),
          place: jsonPointer(['nodes', operation.nodeId, 'pin']),
          what: 'pinned output',
          value: operation.output,
        },
      ];
    case 'put_pin':
      return [
        {
          ...nodeChange('edited', operation.nodeId, operation),
          place: jsonPointer(['nodes', operation.nodeId, 'pinSet', operation.set]),
          what: `pin of the set ${operation.set}`,
          value: operation.answer,
        },
      ];
    case 'put_note':
      return [flowChange(`note ${operation.note.id}`, operation.note, operation)];
    case 'remove_notes':
      return operation.noteIds.map((id) =>
        flowChange(`note ${id}`, undefined, { kind: 'remove_notes', noteIds: [id] }),
      );
    case 'insert_on_edge':
    case 'paste':
      throw new Error(`A difference of documents is never told as ${operation.kind}`);
  }
}

const OPTION_WORDS: Readonly<Record<string, string>> = {
  timeoutSeconds: 'timeout',
  onError: 'on error',
  compensate: 'undo',
};

function nodeChange(kind: DocumentChange['kind'], id: string, operation: FlowOperation): DocumentChange {
  return {
    place: jsonPointer(['nodes', id]),
    kind,
    nodeIds: [id],
    what: 'node',
    value: undefined,
    operation,
  };
}

function edgeChange(
  kind: 'edge_added' | 'edge_removed',
  edge: FlowDocument['edges'][number],
  operation: FlowOperation,
): DocumentChange {
  const place = jsonPointer(['edges', edgeId(edge)]);
  return {
    place,
    kind,
    nodeIds: [edge.from, edge.to],
    what: 'edge',
    value: kind === 'edge_added',
    operation,
  };
}

function flowChange(what: string, value: unknown, operation: FlowOperation): DocumentChange {
  return { place: jsonPointer(['flow', what]), kind: 'edited', nodeIds: [], what, value, operation };
}
