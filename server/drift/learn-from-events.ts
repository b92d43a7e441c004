import type pg from 'pg';

import { CONNECTORS } from '#connectors/definitions.ts';
import { isJsonObject, type Json } from '#core/json.ts';
import { inClientTransaction } from '#server/db/client-transaction.ts';
import { recordValues, type SeenValue } from '#server/drift/record-values.ts';
import { fromStoredJson } from '#server/journal/stored-json.ts';
import { triggerValue } from '#server/runs/trigger-value.ts';
import {
  endOfSpan,
  lookUpByIndex,
  moveMark,
  sampleEvents,
  sampleOutputs,
  takeMark,
  type ContractKey,
  type EventSpan,
  type SampledEvent,
} from '#server/sql/drift-rows.ts';

/** Events that one look goes through; of each flow, so many are looked at; larger ones are passed over. */
const SCAN = 20_000;
const PER_FLOW = 20;
const MAX_BYTES = 131_072;
/** Steps whose output somebody else decides; what the others give follows from the flow itself. */
const CALLING = CONNECTORS.flatMap((connector) =>
  connector.operations.flatMap((operation) =>
    operation.kind === 'action' && operation.effect !== 'pure' && connector.id !== 'core'
      ? [`${connector.id}.${operation.id}`]
      : [],
  ),
);
/** Events may be committed in another order than that of their ids, though not this much later. */
const SETTLE_MS = 5_000;

/**
 * Learns from what came since the last look, of all processes one at a time. Resolves to true when there is more.
 *
 * @param settleMs events younger than this are left to the next look.
 */
export function learnFromEvents(settleMs: number = SETTLE_MS): Promise<boolean> {
  return inClientTransaction(async (client) => {
    const after = await takeMark(client);
    if (after === undefined) return false;
    await lookUpByIndex(client);
    const before = firstUuidOf(Date.now() - settleMs);
    const span: EventSpan = { after, before, scan: SCAN, perFlow: PER_FLOW, maxBytes: MAX_BYTES };
    const { last, count } = await endOfSpan(client, span);
    if (last === null) return false;
    const events = await sampleEvents(client, span, last);
    for (const { key, values } of await valuesOf(client, events)) await recordValues(client, key, values);
    await moveMark(client, last);
    return count === SCAN;
  });
}

interface PlaceValues {
  readonly key: ContractKey;
  readonly values: SeenValue[];
}

/** By place, in one order for all processes. */
async function valuesOf(
  client: pg.ClientBase,
  events: readonly SampledEvent[],
): Promise<readonly PlaceValues[]> {
  const places = new Map<string, PlaceValues>();
  const add = ({ workspaceId, flowId, version, receivedAt }: SampledEvent, place: string, value: Json) => {
    const name = `${flowId} ${version} ${place}`;
    const known = places.get(name) ?? { key: { workspaceId, flowId, version, place }, values: [] };
    places.set(name, known);
    known.values.push({ value, at: receivedAt });
  };
  for (const event of events) add(event, '', triggerValue(event)['body'] ?? null);

  const byRun = new Map(events.flatMap((event) => (event.runId === null ? [] : [[event.runId, event]])));
  for (const { runId, nodeId, output } of await sampleOutputs(client, [...byRun.keys()], {
    types: CALLING,
    maxBytes: MAX_BYTES,
  })) {
    const event = byRun.get(runId);
    if (event) add(event, nodeId, withoutHeaders(fromStoredJson(output as Json)));
  }
  return [...places].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, values]) => values);
}

/** Those of a reply come and go as servers and proxies please; names such as `headers` of other apps matter, and are kept. */
function withoutHeaders(output: Json): Json {
  if (!isJsonObject(output) || Object.keys(output).toSorted().join() !== 'body,headers,status') return output;
  return { status: output['status'] ?? null, body: output['body'] ?? null };
}

/** No version 7 UUID of that millisecond or later is smaller. */
function firstUuidOf(ms: number): string {
  const hex = Math.max(0, Math.floor(ms)).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}
