import type { Run } from '#core/api/runs.ts';
import type { Catalog } from '#core/catalog.ts';
import type { FlowDocument } from '#core/flow-document.ts';
import { isJsonObject } from '#core/json.ts';
import type { Json, JsonObject } from '#core/json.ts';

/** What a test by hand may give of a webhook's event; the rest is the server's. */
const REQUEST_KEYS = ['body', 'headers', 'query', 'method'];

/**
 * The input that a test run begins with: the event that was captured, else that of the last run where there is one, else what is
 * pinned to the trigger, else the sample of its type.
 */
export function testInput(
  document: FlowDocument,
  catalog: Catalog,
  { lastRun, captured }: { readonly lastRun?: Run | null; readonly captured?: JsonObject | null },
): Json {
  const trigger = document.nodes.find((node) => catalog(node.type, node.version)?.kind === 'trigger');
  const pinned = trigger && document.pins[trigger.id];
  const sample = (trigger && catalog(trigger.type, trigger.version)?.sample) ?? {};
  const last = captured ?? (isJsonObject(lastRun?.trigger) ? lastRun.trigger : undefined);
  if (trigger?.type === 'core.webhook') return requestOf(last ?? pinned ?? sample);
  // Left empty, the planned time is now.
  if (trigger?.type === 'core.schedule') return {};
  const schema = inputSchema(document);
  return last?.body ?? pinned ?? (schema ? schemaStart(schema) : sample);
}

/** The JSON Schema that runs by hand are started with; null when any input will do. */
export function inputSchema(document: FlowDocument): JsonObject | null {
  const trigger = document.nodes.find((node) => node.type === 'core.manual');
  const schema = trigger?.config.schema;
  return isJsonObject(schema) ? schema : null;
}

/** What a schema says there is from the start: its defaults, and the objects that have to be there. */
export function schemaStart(schema: JsonObject): Json {
  if (schema.default !== undefined) return schema.default;
  const required: readonly Json[] = Array.isArray(schema.required) ? schema.required : [];
  const properties = isJsonObject(schema.properties) ? Object.entries(schema.properties) : [];
  const started = properties.flatMap(([name, part]): [string, Json][] => {
    if (!isJsonObject(part)) return [];
    const hasParts = required.includes(name) && isJsonObject(part.properties);
    return part.default !== undefined || hasParts ? [[name, schemaStart(part)]] : [];
  });
  return Object.fromEntries(started);
}

/** A captured event as a pin of the trigger that it came by: what `testInput` would make of it. */
export function pinOfEvent(document: FlowDocument, catalog: Catalog, event: JsonObject): Json {
  return testInput(document, catalog, { captured: event });
}

function requestOf(event: Json): Json {
  if (!isJsonObject(event)) return {};
  return Object.fromEntries(Object.entries(event).filter(([key]) => REQUEST_KEYS.includes(key)));
}
