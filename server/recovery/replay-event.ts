import type { FlowDocument } from '#core/flow-document.ts';
import type { Json, JsonObject } from '#core/json.ts';
import { isJsonObject } from '#core/json.ts';
import { triggerNode } from '#server/flows/trigger-node.ts';
import { checkInput } from '#server/runs/check-input.ts';
import { jsonEvent, type ManualEvent } from '#server/runs/manual-event.ts';
import type { TriggerEvent } from '#server/runs/trigger-value.ts';

/** Headers that describe the body's bytes. */
const OF_BODY: ReadonlySet<string> = new Set(['content-encoding', 'content-length', 'content-type']);

/**
 * The event that a replay begins with instead of the original's: the same but for its body, which is JSON. Headers and query are
 * the columns as they are stored. Throws 422 for a body that the flow's own schema refuses.
 */
export function replayEvent(
  document: FlowDocument,
  event: TriggerEvent | undefined,
  body: Json,
): ManualEvent {
  checkInput(triggerNode(document), body);
  const made = jsonEvent(body);
  if (!event) return made;
  const { method, query, headers } = event;
  return {
    ...made,
    method,
    query: isJsonObject(query) ? query : {},
    headers: headersOf(isJsonObject(headers) ? headers : {}, made.contentType),
  };
}

function headersOf(stored: JsonObject, contentType: string): Record<string, string> {
  const kept = Object.entries(stored).filter(([name]) => !OF_BODY.has(name)) as [string, string][];
  const isDescribed = kept.length < Object.keys(stored).length;
  return Object.fromEntries(isDescribed ? [...kept, ['content-type', contentType]] : kept);
}
