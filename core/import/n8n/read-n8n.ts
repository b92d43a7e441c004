import { type Json, type JsonObject, isJsonObject } from '../../json.ts';
import type { SourceEdge, SourceGraph, SourceNode } from '../source-flow.ts';

export interface N8nWorkflow {
  readonly name: string;
  /** The time zone of the workflow; undefined for that of the instance. */
  readonly timezone: string | undefined;
  readonly graph: SourceGraph;
}

export type N8nReading =
  { readonly ok: true; readonly workflow: N8nWorkflow } | { readonly ok: false; readonly message: string };

/** True for what looks like a workflow of n8n, or nodes copied from its canvas. */
export function isN8n(value: Json): value is JsonObject {
  if (!isJsonObject(value) || !Array.isArray(value['nodes']) || 'format' in value) return false;
  const nodes = value['nodes'] as readonly Json[];
  return (
    isJsonObject(value['connections'] ?? null) ||
    nodes.some((node) => isJsonObject(node) && isN8nType(node['type']))
  );
}

function isN8nType(type: Json | undefined): boolean {
  return typeof type === 'string' && (type.includes('n8n-nodes') || type.startsWith('@n8n/'));
}

/** Reads an export into a graph. A fault names its place in the JSON. */
export function readN8n(value: JsonObject): N8nReading {
  const nodes: SourceNode[] = [];
  const list = value['nodes'] as readonly Json[];
  if (list.length === 0) return { ok: false, message: 'This workflow of n8n has no nodes.' };
  for (const [index, node] of list.entries()) {
    const read = readNode(node);
    if (typeof read === 'string')
      return { ok: false, message: `Node ${index + 1} (nodes[${index}]) ${read}` };
    if (nodes.some(({ key }) => key === read.key)) {
      return {
        ok: false,
        message: `Two nodes are called “${read.name}” (nodes[${index}]); n8n tells them apart by name.`,
      };
    }
    nodes.push(read);
  }
  const settings = isJsonObject(value['settings']) ? value['settings'] : {};
  const timezone = settings['timezone'];
  return {
    ok: true,
    workflow: {
      name: nameOf(value['name']),
      timezone: typeof timezone === 'string' && timezone !== 'DEFAULT' ? timezone : undefined,
      graph: { nodes, edges: readEdges(value['connections']) },
    },
  };
}

function nameOf(name: Json | undefined): string {
  return typeof name === 'string' && name.trim() !== '' ? name.trim().slice(0, 200) : 'Workflow of n8n';
}

function readNode(node: Json): SourceNode | string {
  if (!isJsonObject(node)) return 'is no object.';
  const { name, type, position, disabled } = node;
  if (typeof name !== 'string' || name === '') return 'has no name.';
  if (typeof type !== 'string' || type === '') return `(“${name}”) has no type.`;
  const [x, y] = Array.isArray(position) ? (position as readonly Json[]) : [];
  return {
    key: name,
    name,
    type,
    position: { x: finite(x), y: finite(y) },
    isOff: disabled === true,
    settings: node,
  };
}

function finite(value: Json | undefined): number {
  return typeof value === 'number' && Math.abs(value) < 1e7 ? value : 0;
}

/** Connections by the name of the node that they leave; only `main` carries data from step to step. */
function readEdges(connections: Json | undefined): readonly SourceEdge[] {
  if (!isJsonObject(connections)) return [];
  return Object.entries(connections).flatMap(([from, kinds]) => {
    const outputs =
      isJsonObject(kinds) && Array.isArray(kinds['main']) ? (kinds['main'] as readonly Json[]) : [];
    return outputs.flatMap((targets, output) =>
      (Array.isArray(targets) ? (targets as readonly Json[]) : []).flatMap((target) => {
        if (!isJsonObject(target) || typeof target['node'] !== 'string') return [];
        const input = typeof target['index'] === 'number' ? target['index'] : 0;
        return [{ from, output, to: target['node'], input }];
      }),
    );
  });
}
