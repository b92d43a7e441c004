import type { z } from 'zod';

import type { Catalog, NodeType } from '../catalog.ts';
import type { Fault } from '../fault.ts';
import {
  type FlowDocument,
  type FlowEdge,
  type FlowNode,
  type FlowNote,
  flowEdgeSchema,
  flowNodeSchema,
  flowNoteSchema,
  flowSettingsSchema,
} from '../flow-document.ts';
import { type JsonObject, isJsonObject } from '../json.ts';

/** A node as far as it can be read, with its place in the document. */
export interface ViewNode extends Partial<FlowNode> {
  readonly index: number;
  readonly config: JsonObject;
  /** Undefined when the catalog does not know the type. */
  readonly nodeType: NodeType | undefined;
}

/** An edge whose ends can be read. */
export interface ViewEdge extends FlowEdge {
  readonly index: number;
}

/** A document as far as it can be read, so that one fault does not hide the others. */
export interface FlowView {
  readonly nodes: readonly ViewNode[];
  readonly edges: readonly ViewEdge[];
  readonly byId: ReadonlyMap<string, ViewNode>;
  readonly notes: readonly (Partial<FlowNote> & { readonly index: number })[];
  readonly settings: Partial<FlowDocument['settings']>;
  readonly slug: unknown;
  readonly pins: Readonly<Record<string, unknown>>;
  readonly pinSets: Readonly<Record<string, unknown>>;
}

/** The view of a document that is known to be in shape, without reading its parts again. */
export function viewOf(flow: FlowDocument, catalog: Catalog): FlowView {
  const nodes = flow.nodes.map((node, index) => ({
    ...node,
    index,
    nodeType: catalog(node.type, node.version),
  }));
  return {
    nodes,
    edges: flow.edges.map((edge, index) => ({ ...edge, index })),
    byId: new Map(nodes.map((node) => [node.id, node] as const).reverse()),
    notes: flow.notes.map((note, index) => ({ ...note, index })),
    settings: flow.settings,
    slug: flow.slug,
    pins: flow.pins,
    pinSets: flow.pinSets ?? {},
  };
}

/** Reads a document, whole or broken. */
export function viewFlow(document: unknown, catalog: Catalog): FlowView {
  const top = isJsonObject(document) ? document : {};
  const nodes = listOf(top['nodes']).map((raw, index) => viewNode(raw, index, catalog));
  const edges = listOf(top['edges'])
    .map((raw, index) => ({ ...readable(flowEdgeSchema, raw), index }))
    .filter((edge): edge is ViewEdge => edge.from !== undefined && edge.to !== undefined);
  return {
    nodes,
    edges,
    byId: new Map(
      nodes.flatMap((node) => (node.id === undefined ? [] : [[node.id, node] as const])).reverse(),
    ),
    notes: listOf(top['notes']).map((raw, index) => ({ ...readable(flowNoteSchema, raw), index })),
    settings: readable(flowSettingsSchema, top['settings']),
    slug: top['slug'],
    pins: isJsonObject(top['pins']) ? top['pins'] : {},
    pinSets: isJsonObject(top['pinSets']) ? top['pinSets'] : {},
  };
}

/** A fault of a node; `place` is below the node, `/config/url` for example. */
export function nodeFault(
  node: ViewNode,
  place: string,
  fault: Pick<Fault, 'level' | 'code' | 'message'>,
): Fault {
  const { level, code, message } = fault;
  const pointer = `/nodes/${node.index}${place}`;
  return { level, code, pointer, message, ...(node.id !== undefined && { nodeId: node.id }) };
}

/** Name of a node in messages. */
export function nodeName(node: Pick<ViewNode, 'id' | 'label'>): string {
  return node.label === undefined || node.label === ''
    ? `"${node.id ?? '?'}"`
    : `"${node.label}" (${node.id ?? '?'})`;
}

function viewNode(raw: unknown, index: number, catalog: Catalog): ViewNode {
  const node = readable(flowNodeSchema, raw);
  const known =
    node.type !== undefined && node.version !== undefined ? catalog(node.type, node.version) : undefined;
  return { ...node, config: node.config ?? {}, index, nodeType: known };
}

/** The fields that are right by themselves. */
function readable<S extends z.ZodObject>(schema: S, raw: unknown): Partial<z.output<S>> {
  if (!isJsonObject(raw)) return {};
  const whole = schema.safeParse(raw);
  if (whole.success) return whole.data;
  const fields = Object.entries(schema.shape).flatMap(([name, field]) => {
    const parsed = (field as z.ZodType).safeParse(raw[name]);
    return parsed.success && parsed.data !== undefined ? [[name, parsed.data] as const] : [];
  });
  return Object.fromEntries(fields) as Partial<z.output<S>>;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
