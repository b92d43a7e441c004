import { type Json, type JsonObject, isJsonObject } from '../../json.ts';
import { at, textAt } from '../json-fields.ts';
import type { SourceEdge, SourceGraph, SourceNode } from '../source-flow.ts';

export interface NodeRedExport {
  readonly graph: SourceGraph;
  /** Names of the tabs by id. */
  readonly tabs: ReadonlyMap<string, string>;
}

export type NodeRedReading =
  { readonly ok: true; readonly flows: NodeRedExport } | { readonly ok: false; readonly message: string };

/** The output that stands for a node's failure, which a Catch node listens to. */
export const ERROR_OUTPUT = 1_000;

/** True for what looks like flows of Node-RED: a list of nodes with wires. */
export function isNodeRed(value: Json): boolean {
  const list = listOf(value);
  return (
    list.length > 0 && list.some((node) => Array.isArray(at(node, 'wires')) || at(node, 'type') === 'tab')
  );
}

function listOf(value: Json): readonly Json[] {
  if (Array.isArray(value)) return value as readonly Json[];
  const flows = at(value, 'flows');
  return Array.isArray(flows) ? (flows as readonly Json[]) : [];
}

/** Reads an export into one graph of all its tabs. A fault names its place in the JSON. */
export function readNodeRed(value: Json): NodeRedReading {
  const tabs = new Map<string, string>();
  const off = new Set<string>();
  const nodes = new Map<string, SourceNode>();
  for (const [index, node] of listOf(value).entries()) {
    if (!isJsonObject(node)) return { ok: false, message: `Node ${index + 1} ([${index}]) is no object.` };
    const [id, type] = [at(node, 'id'), at(node, 'type')];
    if (typeof id !== 'string' || id === '')
      return { ok: false, message: `Node ${index + 1} ([${index}]) has no id.` };
    if (typeof type !== 'string' || type === '')
      return { ok: false, message: `Node ${index + 1} ([${index}]) has no type.` };
    if (type === 'tab') {
      tabs.set(id, textAt(node, ['label'], 'Flow'));
      if (node['disabled'] === true) off.add(id);
    } else if (isOnCanvas(node)) {
      if (nodes.has(id)) return { ok: false, message: `Two nodes have the id “${id}” ([${index}]).` };
      nodes.set(id, readNode(id, type, node));
    }
  }
  const kept = [...nodes.values()].map((node) =>
    off.has(textAt(node.settings, ['z'])) ? { ...node, isOff: true } : node,
  );
  if (kept.length === 0) return { ok: false, message: 'There are no nodes in this export of Node-RED.' };
  return { ok: true, flows: { tabs, graph: { nodes: kept, edges: edgesOf(kept) } } };
}

/** Settings that nodes share, such as a broker, have no place on the canvas; subflows and groups are no steps. */
function isOnCanvas(node: JsonObject): boolean {
  if (node['type'] === 'subflow' || node['type'] === 'group') return false;
  return Array.isArray(node['wires']) || node['type'] === 'comment';
}

function readNode(id: string, type: string, node: JsonObject): SourceNode {
  const number = (key: string) =>
    typeof node[key] === 'number' && Math.abs(node[key]) < 1e7 ? node[key] : 0;
  return {
    key: id,
    name: textAt(node, ['name']) || type,
    type,
    position: { x: number('x'), y: number('y') },
    isOff: node['d'] === true,
    settings: node,
  };
}

function edgesOf(nodes: readonly SourceNode[]): readonly SourceEdge[] {
  const wires = nodes
    .filter(({ isOff }) => !isOff)
    .flatMap(({ key, settings }) => {
      const outputs = Array.isArray(settings['wires']) ? (settings['wires'] as readonly Json[]) : [];
      return outputs.flatMap((targets, output) =>
        textsOf(targets).map((to) => ({ from: key, output, to, input: 0 })),
      );
    });
  const links = nodes
    .filter(({ type, settings }) => type === 'link out' && settings['mode'] !== 'return')
    .flatMap(({ key, settings }) =>
      textsOf(settings['links']).map((to) => ({ from: key, output: 0, to, input: 0 })),
    );
  const off = new Set(nodes.filter(({ isOff }) => isOff).map(({ key }) => key));
  return [...wires, ...links, ...catches(nodes)].filter(({ to, from }) => !off.has(to) && !off.has(from));
}

function textsOf(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? (value as readonly Json[]).filter((one) => typeof one === 'string') : [];
}

/** Types whose nodes can fail. */
const FALLIBLE: ReadonlySet<string> = new Set(['http request', 'function', 'e-mail', 'json', 'csv', 'xml']);

/** A Catch node is led to by the failures of the nodes in its scope: those named, else all of its tab before it. */
function catches(nodes: readonly SourceNode[]): readonly SourceEdge[] {
  return nodes
    .filter(({ type }) => type === 'catch')
    .flatMap(({ key, settings }) => {
      const scope = textsOf(settings['scope']);
      const after = new Set<string>([key]);
      for (const other of after)
        for (const to of (nodes.find((node) => node.key === other)?.settings['wires'] as readonly Json[]) ??
          [])
          for (const id of textsOf(to)) after.add(id);
      return nodes
        .filter((node) =>
          scope.length > 0 ? scope.includes(node.key) : node.settings['z'] === settings['z'],
        )
        .filter((node) => FALLIBLE.has(node.type) && !after.has(node.key))
        .map((node) => ({ from: node.key, output: ERROR_OUTPUT, to: key, input: 0 }));
    });
}
