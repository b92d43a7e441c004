import { z } from 'zod';

import type { Fault } from './fault.ts';
import {
  type FlowDocument,
  type FlowNode,
  flowDocumentSchema,
  flowEdgeSchema,
  flowNodeSchema,
} from './flow-document.ts';
import type { FlowFragment } from './flow-operation.ts';
import { contentsOf } from './graph.ts';
import { checkJson } from './validate/check-json.ts';
import { shapeFaults } from './validate/check-shape.ts';

/** Tells our text on the clipboard from any other. */
const FORMAT = 'patchbay/flow-fragment';
const VERSION = 1;
const MAX_LENGTH = 5_000_000;

const fragmentSchema = z.strictObject({
  format: z.literal(FORMAT),
  version: z.literal(VERSION),
  nodes: z.array(flowNodeSchema).min(1).max(2_000),
  edges: z.array(flowEdgeSchema).max(10_000),
});

export type ReadFragment =
  { readonly ok: true; readonly fragment: FlowFragment } | { readonly ok: false; readonly message: string };

/**
 * The nodes with these ids, with what is inside of loops among them, and the edges between all these, as JSON text for the
 * clipboard. Holds no secrets: nodes have none.
 */
export function copyFragment(flow: FlowDocument, nodeIds: readonly string[]): string {
  return JSON.stringify({ format: FORMAT, version: VERSION, ...fragmentOf(flow, nodeIds) }, null, 2);
}

/** What `copyFragment` writes, as an object. */
export function fragmentOf(flow: FlowDocument, nodeIds: readonly string[]): FlowFragment {
  const copied = contentsOf(flow, nodeIds);
  const nodes = flow.nodes.filter((node) => copied.has(node.id)).map((node) => detach(node, copied));
  const edges = flow.edges.filter((edge) => copied.has(edge.from) && copied.has(edge.to));
  return { nodes, edges };
}

/** Reads text that `copyFragment` wrote, or a whole exported flow. Says in plain words why other text cannot be pasted. */
export function readFragment(text: string): ReadFragment {
  if (text.length > MAX_LENGTH) return unreadable('This text is too long to paste.');
  const value = parseJson(text);
  const format = typeof value === 'object' && value !== null && 'format' in value ? value.format : undefined;
  if (format === 1) return readWith(flowDocumentSchema, value);
  if (format !== FORMAT) return unreadable('This was not copied from a flow.');
  if ('version' in (value as object) && Number((value as { version: unknown }).version) > VERSION) {
    return unreadable('This was copied from a newer version of Patchbay, which this one cannot read.');
  }
  return readWith(fragmentSchema, value);
}

function readWith(schema: z.ZodType<FlowFragment>, value: unknown): ReadFragment {
  const [fault]: readonly (Fault | undefined)[] = [...checkJson(value), ...shapeFaults(schema, value, [])];
  if (fault !== undefined)
    return unreadable(`What was copied is damaged at ${fault.pointer || 'its start'}: ${fault.message}`);
  const { nodes, edges } = schema.parse(value);
  return nodes.length === 0
    ? unreadable('There are no nodes in this.')
    : { ok: true, fragment: { nodes, edges } };
}

/** Without references to nodes that are not copied along. */
function detach(node: FlowNode, copied: ReadonlySet<string>): FlowNode {
  const { parent, compensate, ...rest } = node;
  return {
    ...rest,
    ...(parent !== undefined && copied.has(parent) && { parent }),
    ...(compensate !== undefined && copied.has(compensate) && { compensate }),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined; // any other text on the clipboard: said by the caller
  }
}

function unreadable(message: string): ReadFragment {
  return { ok: false, message };
}
