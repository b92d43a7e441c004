import { setImmediate as nextTurn } from 'node:timers/promises';

import { authenticate } from '#connectors/authenticate.ts';
import type { HttpClient, OpenConnection } from '#connectors/contract.ts';
import { buildRequest, type RequestSettings } from '#connectors/http/build-request.ts';
import { requestInput } from '#connectors/http/definition.ts';
import { readReplyBody } from '#connectors/http/read-reply.ts';
import { statusFailure } from '#connectors/http/status-failure.ts';
import { evaluateValue } from '#core/evaluate-value.ts';
import type { ExpressionContext } from '#core/expression-context.ts';
import { jsonPointer } from '#core/fault.ts';
import type { Json, JsonObject } from '#core/json.ts';
import { StepFailure, toStepError, type StepError } from '#core/step-failure.ts';
import { uuidv7 } from '#server/db/uuid.ts';
import { env } from '#server/env.ts';
import { asKey } from '#server/ingress/dedupe-key.ts';
import { shownBy } from '#worker/calls/shown-by.ts';
import { redactor } from '#worker/redact.ts';
import { requiredConnection } from '#worker/required-connection.ts';
import { itemDigest } from '#worker/triggers/item-digest.ts';
import type { PollJob } from '#worker/triggers/poll-lease.ts';

export interface PollServices {
  readonly http: HttpClient;
  /** Milliseconds since 1970, by the database's clock. */
  now(): number;
  openConnection(workspaceId: string, slug: string): Promise<OpenConnection | null>;
}

/** What a reply holds, free of the connection's secrets. */
export interface PolledItems {
  /** In the order of the reply; of items with the same key the first. */
  readonly items: ReadonlyMap<string, Json>;
  /** How many the reply listed. */
  readonly found: number;
  /** What the next request sees as `cursor`. */
  readonly cursor: Json;
}

export const MAX_ITEMS = 10_000;
const MAX_CURSOR_BYTES = 65_536;
/** So many keys are made before others get a turn. */
const KEYS_AT_A_TIME = 100;

/** Makes the request of a poll and reads the reply. Returns why that failed; never throws. */
export async function askPoll(
  job: PollJob,
  services: PollServices,
  signal: AbortSignal,
): Promise<{ readonly polled: PolledItems } | { readonly error: StepError }> {
  let connection: OpenConnection | undefined;
  const shown: string[] = [];
  try {
    const { workspaceId } = job.row;
    connection = await requiredConnection(services, workspaceId, job.node.connection);
    const { http } = services;
    const reply = await call(job, { http, now: services.now(), connection, shown, signal });
    return { polled: await readItems(job, reply && redactor(connection, shown)(reply)) };
  } catch (thrown) {
    const error = toStepError(thrown) as unknown as JsonObject;
    return { error: redactor(connection, shown)(error) as unknown as StepError };
  }
}

/** The reply as expressions see it; undefined when the far end says that nothing changed. */
async function call(
  job: PollJob,
  given: {
    readonly http: HttpClient;
    readonly now: number;
    readonly connection: OpenConnection | undefined;
    readonly shown: string[];
    readonly signal: AbortSignal;
  },
): Promise<JsonObject | undefined> {
  const settings = await evaluateValue(job.node.config['request'] ?? {}, contextOf(job), '/config/request');
  const { timeoutMs } = job;
  const request = buildRequest(checked(settings), { ...given, timeoutMs, idempotencyKey: uuidv7() });
  const { workspaceId } = job.row;
  const setting = { workspaceId, sandboxUrl: env().PATCHBAY_SANDBOX_URL, now: given.now };
  const sent = given.connection ? await authenticate(request, given.connection, setting) : request;
  if (sent !== request) given.shown.push(...shownBy(sent));
  const response = await given.http(sent);
  if (response.status === 304) return undefined;
  if (response.status < 200 || response.status > 299)
    throw statusFailure(request, response, given.connection !== undefined);
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
  if (reply === undefined) return { items: new Map(), found: 0, cursor: job.row.cursor };
  const context = { ...contextOf(job), reply };
  const list = await listOf(job, context);
  const items = new Map<string, Json>();
  for (const [index, item] of list.entries()) {
    const key = await keyOf(job, { ...context, item }, index);
    if (!items.has(key)) items.set(key, item);
    if (index % KEYS_AT_A_TIME === 0) await nextTurn();
  }
  return { items, found: list.length, cursor: await cursorOf(job, { ...context, items: list }) };
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
  if (list.length > MAX_ITEMS) {
    const message = `The reply lists ${list.length} items; ${MAX_ITEMS} are taken at a time. Ask for fewer.`;
    throw invalid('too_many_items', message, ['items']);
  }
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
  if (Buffer.byteLength(JSON.stringify(cursor)) <= MAX_CURSOR_BYTES) return cursor;
  throw invalid(
    'cursor_too_large',
    'The cursor is larger than 64 KiB. Keep only what the next request needs.',
    ['cursor'],
  );
}

function contextOf({ row }: PollJob): ExpressionContext {
  const { slug, versionNumber: version, cursor } = row;
  return { trigger: null, steps: {}, flow: { slug, version }, cursor };
}

function invalid(code: string, message: string, path: readonly PropertyKey[]): StepFailure {
  return new StepFailure({ kind: 'invalid', code, message, pointer: jsonPointer(['config', ...path]) });
}
