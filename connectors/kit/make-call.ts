import type { ConnectorDef, HttpResponse, StepContext } from '#connectors/contract.ts';
import { readReplyBody } from '#connectors/http/read-reply.ts';
import type { Json, JsonObject } from '#core/json.ts';
import { StepFailure } from '#core/step-failure.ts';
import { type CallContext, type CallParts, fillCall, requestOf } from './build-call.ts';
import type { Encodings } from './fill-template.ts';
import type { HttpCall } from './http-call.ts';
import { readEach } from './pointer.ts';
import { readPages, type ReadReply } from './read-pages.ts';
import { replyFailure } from './reply-failure.ts';

/** What a call needs to know of its connector. */
export type CallFacts = Pick<ConnectorDef, 'label' | 'baseUrl' | 'http'>;

/** Makes a call with these settings and gives its output. Throws `StepFailure` in the vendor's words. */
export async function makeCall(
  {
    connector,
    call,
    encodings,
  }: { readonly connector: CallFacts; readonly call: HttpCall; readonly encodings?: Encodings },
  settings: JsonObject,
  context: CallContext,
): Promise<Json> {
  const parts = fillCall(call, settings, encodings);
  const send = (asked: CallParts) => sendCall(connector, asked, context);
  const { paging } = call;
  if (paging) return readPages({ ...parts, paging }, { limit: limitOf(settings, paging.size.most), send });
  const { response, body } = await send(parts);
  if (response.body.byteLength === 0) return call.whenEmpty ?? null;
  return readEach(body, call.pick ?? '') ?? null;
}

/** Sends one request. Throws `StepFailure` for every reply that is a failure. */
export async function sendCall(
  connector: CallFacts,
  parts: CallParts,
  context: CallContext,
): Promise<ReadReply> {
  const response: HttpResponse = await context.http(requestOf(parts, connector, context));
  const body = readReplyBody(response);
  const failure = replyFailure(connector, response, body);
  if (failure) throw failure;
  return { response, body };
}

/** Without a limit: one page. */
function limitOf({ limit }: JsonObject, most: number): number {
  return typeof limit === 'number' ? limit : most;
}

/** Throws `StepFailure` for a step that has no connection. */
export function requireConnection(
  { label }: Pick<ConnectorDef, 'label'>,
  { connection }: Pick<StepContext, 'connection'>,
): void {
  if (connection) return;
  const message = `The step has no connection to ${label}. Choose one, or connect an account under Connections.`;
  throw new StepFailure({ kind: 'invalid', code: 'connection_missing', message, pointer: '/connection' });
}
