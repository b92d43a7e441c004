import { isJsonObject, type Json, type JsonObject } from '#core/json.ts';

export type ImportText =
  | {
      readonly ok: true;
      readonly document: JsonObject;
      readonly name: string;
      readonly slug: string;
      readonly nodes: number;
    }
  | { readonly ok: false; readonly message: string };

/** Looks at a text that should be an exported flow. Only its outline is read here: the server finds every fault. */
export function readImport(text: string): ImportText {
  let document: Json;
  try {
    document = JSON.parse(text) as Json;
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : 'unknown';
    return { ok: false, message: `This is not JSON: ${reason}.` };
  }
  if (!isJsonObject(document))
    return { ok: false, message: 'A flow is a JSON object; this is something else.' };
  const { format, name, slug, nodes } = document;
  if (format === undefined || !Array.isArray(nodes)) {
    return { ok: false, message: 'This JSON is not a flow: it has no “format” or no list of “nodes”.' };
  }
  return {
    ok: true,
    document,
    name: typeof name === 'string' ? name : '',
    slug: typeof slug === 'string' ? slug : '',
    nodes: nodes.length,
  };
}
