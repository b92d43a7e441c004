import type { Catalog } from './catalog.ts';
import type { Fault } from './fault.ts';
import type { FlowDocument } from './flow-document.ts';
import type { FlowOperation } from './flow-operation.ts';
import { checkEdit } from './operations/check-edit.ts';
import { addNode, insertOnEdge, moveNodes, removeNodes } from './operations/edit-nodes.ts';
import {
  addEdge,
  describeFlow,
  putNote,
  putPin,
  removeEdges,
  removeNotes,
  setPin,
} from './operations/edit-rest.ts';
import { setConfig, setOptions } from './operations/edit-settings.ts';
import { type Edit, edited } from './operations/edit.ts';
import { paste } from './operations/paste.ts';
import { setParent } from './operations/set-parent.ts';

export type Applied =
  | { readonly ok: true; readonly flow: FlowDocument }
  | { readonly ok: false; readonly faults: readonly Fault[] };

/**
 * Makes one edit. Never changes the flow that it is given: the new one shares all parts that stay the same, and is the same
 * object when nothing changes. Refused, with `refused` faults, when it does not apply (the node is gone) or would leave a
 * document that cannot be stored (a circle, a second trigger). The flow itself must be one that `validateFlow` does not refuse.
 *
 * @example applyOperation(flow, { kind: 'add_edge', edge: { from: 'hook', to: 'map' } }, catalog)
 */
export function applyOperation(flow: FlowDocument, operation: FlowOperation, catalog: Catalog): Applied {
  const edit = makeEdit(flow, operation, catalog);
  if (!edit.ok || edit.flow === flow) return edit;
  const faults = checkEdit(flow, edit.flow, catalog);
  return faults.length === 0 ? edit : { ok: false, faults };
}

function makeEdit(flow: FlowDocument, operation: FlowOperation, catalog: Catalog): Edit {
  switch (operation.kind) {
    case 'add_node':
      return addNode(flow, operation);
    case 'insert_on_edge':
      return insertOnEdge(flow, operation, catalog);
    case 'remove_nodes':
      return removeNodes(flow, operation);
    case 'move_nodes':
      return moveNodes(flow, operation);
    case 'set_parent':
      return setParent(flow, operation);
    case 'set_config':
      return setConfig(flow, operation, catalog);
    case 'set_options':
      return setOptions(flow, operation, catalog);
    case 'add_edge':
      return addEdge(flow, operation);
    case 'remove_edges':
      return removeEdges(flow, operation);
    case 'paste':
      return paste(flow, operation);
    case 'set_settings':
      return edited({ ...flow, settings: operation.settings });
    case 'describe_flow':
      return describeFlow(flow, operation);
    case 'set_pin':
      return setPin(flow, operation);
    case 'put_pin':
      return putPin(flow, operation);
    case 'put_note':
      return putNote(flow, operation);
    case 'remove_notes':
      return removeNotes(flow, operation);
    default:
      return operation satisfies never;
  }
}
