import type { Catalog } from '../catalog.ts';
import type { Fault } from '../fault.ts';
import { FORBIDDEN_KEYS } from '../json.ts';
import { type FlowView, type ViewNode, nodeFault, nodeName } from './flow-view.ts';

/** Ids, types, the one trigger, and options that name other nodes or ports. */
export function checkNodes(view: FlowView, catalog: Catalog): readonly Fault[] {
  const seen = new Set<string>();
  return [
    ...view.nodes.flatMap((node) => [
      ...idFaults(node, seen),
      ...typeFaults(node, catalog),
      ...optionFaults(node, view),
    ]),
    ...triggerFaults(view),
  ];
}

function idFaults(node: ViewNode, seen: Set<string>): readonly Fault[] {
  if (node.id === undefined) return [];
  if (FORBIDDEN_KEYS.has(node.id)) {
    const message = `A node cannot have the id "${node.id}". Choose another.`;
    return [nodeFault(node, '/id', { level: 'refused', code: 'node_id_forbidden', message })];
  }
  if (!seen.has(node.id)) {
    seen.add(node.id);
    return [];
  }
  const message = `Another node has the id "${node.id}" already. Ids are unique in a flow.`;
  return [nodeFault(node, '/id', { level: 'refused', code: 'node_id_duplicate', message })];
}

function typeFaults(node: ViewNode, catalog: Catalog): readonly Fault[] {
  if (node.nodeType !== undefined || node.type === undefined || node.version === undefined) return [];
  // Version 1 of a type is never taken out of the registry while later ones are in it.
  if (catalog(node.type, 1) === undefined) {
    const message = `There is no node type "${node.type}".`;
    return [nodeFault(node, '/type', { level: 'refused', code: 'node_type_unknown', message })];
  }
  const message = `"${node.type}" has no version ${node.version}.`;
  return [nodeFault(node, '/version', { level: 'refused', code: 'node_version_unknown', message })];
}

function triggerFaults(view: FlowView): readonly Fault[] {
  const [first, ...others] = view.nodes.filter((node) => node.nodeType?.kind === 'trigger');
  if (first === undefined) {
    const message = 'Nothing starts this flow. Add a trigger.';
    return [{ level: 'blocks_publish', code: 'trigger_missing', pointer: '/nodes', message }];
  }
  return others.map((node) => {
    const message = `A flow has one trigger, and ${nodeName(first)} is it. Remove one of them.`;
    return nodeFault(node, '', { level: 'refused', code: 'several_triggers', message });
  });
}

function optionFaults(node: ViewNode, view: FlowView): readonly Fault[] {
  const { nodeType } = node;
  if (nodeType === undefined) return [];
  const faults: Fault[] = [];
  if (nodeType.kind === 'trigger') faults.push(...triggerOptionFaults(node));
  const takesConnection = nodeType.connectors(node.config).length > 0;
  if (node.connection !== undefined && !takesConnection) {
    const message = `${nodeName(node)} uses no connection with these settings. Take "${node.connection}" out.`;
    faults.push(
      nodeFault(node, '/connection', { level: 'blocks_publish', code: 'connection_not_taken', message }),
    );
  }
  if (node.connection === undefined && nodeType.needsConnection(node.config)) {
    const message = `${nodeName(node)} needs a connection. Choose one.`;
    faults.push(
      nodeFault(node, '/connection', { level: 'blocks_publish', code: 'connection_missing', message }),
    );
  }
  if (
    node.onError === 'branch' &&
    !view.edges.some((edge) => edge.from === node.id && edge.port === 'error')
  ) {
    const message = `${nodeName(node)} follows its "error" port when it fails, but nothing is connected there.`;
    faults.push(
      nodeFault(node, '/onError', { level: 'blocks_publish', code: 'error_port_unconnected', message }),
    );
  }
  return faults;
}

function triggerOptionFaults(node: ViewNode): readonly Fault[] {
  const options = ['retry', 'timeoutSeconds', 'join', 'effect', 'onError', 'compensate'] as const;
  return options
    .filter((option) => node[option] !== undefined)
    .map((option) => {
      const message = `"${option}" does nothing on a trigger. Take it out.`;
      const level = option === 'onError' || option === 'compensate' ? 'refused' : 'warning';
      return nodeFault(node, `/${option}`, { level, code: 'option_on_trigger', message });
    });
}
