import { setImmediate as nextTurn } from 'node:timers/promises';

import { buildRequest, type RequestSettings } from '#connectors/http/build-request.ts';
import { requestInput } from '#connectors/http/definition.ts';
import { readReplyBody } from '#connectors/http/read-reply.ts';
import { statusFailure } from '#connectors/http/status-failure.ts';
import { evaluateValue } from '#core/evaluate-value.ts';
import type { ExpressionContext } from '#core/expression-context.ts';
import type { Json, JsonObject } from '#core/json.ts';
import { uuidv7 } from '#server/db/uuid.ts';
import { asKey } from '#server/ingress/dedupe-key.ts';
import type { Account } from '#worker/calls/open-account.ts';
import type { Redaction } from '#worker/redact.ts';
import { itemDigest } from '#worker/triggers/item-digest.ts';
import type { PollJob } from '#worker/triggers/poll-lease.ts';
import {
  invalid,
  requireFewItems,
  requireSmallCursor,
  type PolledItems,
} from '#worker/triggers/polled-items.ts';

/** So many keys are made before others get a turn. */
const KEYS_AT_A_TIME = 100;

/** Makes the request of `core.poll` and reads the reply. Throws `StepFailure`. */
export async function askRequest(
  job: PollJob,
  account: Account,
  { signal, redaction }: { readonly signal: AbortSignal; readonly redaction: Redaction },
): Promise<PolledItems> {
  const reply = await call(job, account, signal);
  return readItems(job, reply && redaction.apply(reply));
}

/** The reply as expressions see it; undefined when the far end says that nothing changed. */
async function call(
  job: PollJob,
  { connection, http }: Account,
  signal: AbortSignal,
): Promise<JsonObject | undefined> {
  const settings = await evaluateValue(job.node.config['request'] ?? {}, contextOf(job), '/config/request');
  const { timeoutMs } = job;
  const given = { connection, signal, timeoutMs, idempotencyKey: uuidv7() };
  const request = buildRequest(checked(settings), given);
  const response = await http(request);
  if (response.status === 304) return undefined;
  if (response.status < 200 || response.status > 299)
    throw statusFailure(request, response, connection !== undefined);
  return { status: response.status, headers: { ...response.headers }, body: readReplyBody(response) };
}

function checked(settings: Json): RequestSettings {
  const parsed = requestInput.safeParse(settings);
  if (parsed.success) return parsed.data;
  const { path = [], message = 'it does not fit' } = parsed.error.issues[0] ?? {};
  throw invalid('invalid_settings', `The setting ${['request', ...path].join('.')} is wrong: ${message}.`, [
    'request',
    ...path,
  ]);
}

async function readItems(job: PollJob, reply: JsonObject | undefined): Promise<PolledItems> {
  if (reply === undefined) return { items: new Map(), found: 0, cursor: job.row.cursor, hasMore: false };
  const context = { ...contextOf(job), reply };
  const list = await listOf(job, context);
  const items = new Map<string, Json>();
  for (const [index, item] of list.entries()) {
    const key = await keyOf(job, { ...context, item }, index);
    if (!items.has(key)) items.set(key, item);
    if (index % KEYS_AT_A_TIME === 0) await nextTurn();
  }
  const cursor = await cursorOf(job, { ...context, items: list });
  return { items, found: list.length, cursor, hasMore: false };
}

/** JSONata gives nothing for an empty selection, and the item itself for a selection of one. */
async function listOf(
  { settings }: PollJob,
  context: ExpressionContext & { readonly reply: JsonObject },
): Promise<Json[]> {
  const { items } = settings;
  const found =
    items === undefined
      ? (context.reply['body'] ?? null)
      : await evaluateValue(items as Json, context, '/config/items');
  if (found === null) return [];
  const list: Json[] = Array.isArray(found) ? (found as Json[]) : [found];
  if (items === undefined && !Array.isArray(found)) {
    const message =
      'The body of the reply is no list. Say in “Items” where the list is, such as reply.body.data.';
    throw invalid('items_not_a_list', message, ['items']);
  }
  requireFewItems(list.length);
  return list;
}

/** An item that cannot be told from others must not pass for one that was seen. */
async function keyOf({ settings }: PollJob, context: ExpressionContext, index: number): Promise<string> {
  const { key } = settings;
  if (key === undefined) return itemDigest(context.item ?? null);
  const made = asKey(await evaluateValue(key as Json, context, '/config/key'));
  if (made !== null) return made;
  const message = `Item ${index + 1} of the reply has no key: the expression yields nothing for it.`;
  throw invalid('key_missing', message, ['key']);
}

async function cursorOf({ row, settings }: PollJob, context: ExpressionContext): Promise<Json> {
  if (settings.cursor === undefined) return row.cursor;
  const cursor = (await evaluateValue(settings.cursor as Json, context, '/config/cursor')) ?? row.cursor;
  requireSmallCursor(cursor);
  return cursor;
}

function contextOf({ row }: PollJob): ExpressionContext {
  const { slug, versionNumber: version, cursor } = row;
  return { trigger: null, steps: {}, flow: { slug, version }, cursor };
}
