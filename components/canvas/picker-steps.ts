import type { Catalog } from '#core/catalog.ts';
import type { FlowDocument, FlowNode } from '#core/flow-document.ts';

import type { PickerRequest } from './editor-store.ts';
import { freePorts } from './free-ports.ts';
import { isTrigger, nodeLabel, portsOf } from './node-ports.ts';
import { isUndo } from './undo-nodes.ts';

/** What the picker asks next. */
export type PickerStep =
  | {
      readonly kind: 'port';
      readonly nodeId: string;
      readonly ports: readonly string[];
      readonly title: string;
    }
  | {
      readonly kind: 'operation';
      readonly title: string;
      readonly allowsTriggers: boolean;
      /** Only what can undo another node. */
      readonly isUndo?: boolean;
      /** Only triggers: one takes the place of another. */
      readonly isTrigger?: boolean;
      /** A type that is not offered: the one that is replaced. */
      readonly except?: string;
    }
  | { readonly kind: 'target'; readonly nodeId: string; readonly port: string; readonly title: string };

/**
 * The step that a request stands at: a node with several ports asks for the port first (those that lead nowhere yet come
 * first), then for what to add or to connect to. Null when the request names something that is gone.
 */
export function pickerStep(
  request: PickerRequest,
  chosenPort: string | undefined,
  flow: { readonly document: FlowDocument; readonly catalog: Catalog },
): PickerStep | null {
  if (request.kind === 'add') return addStep(request.parent, flow);
  if (request.kind === 'insert') return { kind: 'operation', title: 'Insert a node', allowsTriggers: false };
  const node = flow.document.nodes.find((candidate) => candidate.id === request.nodeId);
  if (!node) return null;
  const label = nodeLabel(node, flow.catalog);
  if (request.kind === 'add_undo')
    return { kind: 'operation', title: `Undo ${label} with`, allowsTriggers: false, isUndo: true };
  if (request.kind === 'replace') {
    const replacesTrigger = isTrigger(node, flow.catalog);
    return {
      kind: 'operation',
      title: `Replace ${label} by`,
      allowsTriggers: replacesTrigger,
      isTrigger: replacesTrigger,
      isUndo: isUndo(flow.document, node.id),
      except: node.type,
    };
  }
  if (request.kind === 'add_before')
    return { kind: 'operation', title: `Add before ${label}`, allowsTriggers: node.parent === undefined };
  const ports = portsOf(node, flow.catalog);
  const port =
    chosenPort ??
    ('port' in request ? request.port : undefined) ??
    (ports.length === 1 ? ports[0] : undefined);
  if (ports.length === 0) return addStep(node.parent, flow);
  if (port === undefined) {
    return {
      kind: 'port',
      nodeId: node.id,
      ports: freeFirst(flow, node),
      title: `${label}: from which port?`,
    };
  }
  const from = port === 'out' ? label : `${label}, ${port}`;
  if (request.kind === 'connect')
    return { kind: 'target', nodeId: node.id, port, title: `Connect ${from} to` };
  return { kind: 'operation', title: `Add after ${from}`, allowsTriggers: false };
}

function addStep(
  loopId: string | undefined,
  flow: { readonly document: FlowDocument; readonly catalog: Catalog },
): PickerStep {
  const loop = flow.document.nodes.find((node) => node.id === loopId);
  if (!loop) return { kind: 'operation', title: 'Add a node', allowsTriggers: true };
  return { kind: 'operation', title: `Add to ${nodeLabel(loop, flow.catalog)}`, allowsTriggers: false };
}

/** Ports without an edge first, each half in the node's own order. */
function freeFirst(flow: { document: FlowDocument; catalog: Catalog }, node: FlowNode): string[] {
  const free = freePorts(flow.document, node, flow.catalog);
  return [...free, ...portsOf(node, flow.catalog).filter((port) => !free.includes(port))];
}
