import type { FlowDocument } from '#core/flow-document.ts';
import { importFlow } from '#core/import/import-flow.ts';
import { isCurl } from '#core/import/curl/import-curl.ts';
import type { FlowImport } from '#core/import/flow-import.ts';
import { isJsonObject, type Json, type JsonObject } from '#core/json.ts';

import { jsonPlace } from './json-place.ts';

export type ImportText =
  | {
      readonly ok: true;
      readonly document: JsonObject | FlowDocument;
      readonly name: string;
      readonly slug: string;
      readonly nodes: number;
      /** What became of each node, when the flow comes from another tool. */
      readonly report?: FlowImport;
    }
  | { readonly ok: false; readonly message: string };

/**
 * Looks at a text that should be an exported flow, ours or that of another tool. Of ours only the outline is read: the
 * server finds every fault. `start`: the node to begin with, where an export of another tool has several.
 */
export function readImport(text: string, start?: string): ImportText {
  if (isCurl(text)) {
    return refuse('This is a cURL command. Open a flow and paste it on the canvas: it becomes an HTTP node.');
  }
  let document: Json;
  try {
    document = JSON.parse(text) as Json;
  } catch {
    return refuse(`This is not JSON: it goes wrong ${jsonPlace(text)}. Copy the whole export.`);
  }
  const report = importFlow(document, start === undefined ? {} : { start });
  if (report?.ok === false) return report;
  if (report !== undefined) return outline(report.document, report);
  if (!isJsonObject(document)) {
    return refuse('A flow is a JSON object, or a list of nodes from Node-RED; this is something else.');
  }
  if (document['format'] === undefined || !Array.isArray(document['nodes'])) {
    return refuse(
      'This JSON is not a flow: it has no “format” and no list of “nodes”, as flows of Patchbay have, and is none of n8n or Node-RED.',
    );
  }
  return outline(document);
}

function outline(document: JsonObject | FlowDocument, report?: FlowImport): ImportText {
  const { name, slug, nodes } = document;
  return {
    ok: true,
    document,
    name: typeof name === 'string' ? name : '',
    slug: typeof slug === 'string' ? slug : '',
    nodes: Array.isArray(nodes) ? nodes.length : 0,
    ...(report !== undefined && { report }),
  };
}

function refuse(message: string): ImportText {
  return { ok: false, message };
}
