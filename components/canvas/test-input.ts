import type { Run } from '#core/api/runs.ts';
import type { Catalog } from '#core/catalog.ts';
import type { FlowDocument } from '#core/flow-document.ts';
import { isJsonObject } from '#core/json.ts';
import type { Json } from '#core/json.ts';

/** What a test by hand may give of a webhook's event; the rest is the server's. */
const REQUEST_KEYS = ['body', 'headers', 'query', 'method'];

/** The input that a test run begins with: that of the last run where there is one, else the trigger's sample. */
export function testInput(document: FlowDocument, catalog: Catalog, lastRun: Run | null | undefined): Json {
  const trigger = document.nodes.find((node) => catalog(node.type, node.version)?.kind === 'trigger');
  const sample = (trigger && catalog(trigger.type, trigger.version)?.sample) ?? {};
  const last = isJsonObject(lastRun?.trigger) ? lastRun.trigger : undefined;
  if (trigger?.type !== 'core.webhook') return last?.body ?? sample;
  return requestOf(last ?? sample);
}

function requestOf(event: Json): Json {
  if (!isJsonObject(event)) return {};
  return Object.fromEntries(Object.entries(event).filter(([key]) => REQUEST_KEYS.includes(key)));
}
