import type { TriggerContext } from '#connectors/trigger-contract.ts';
import type { Json, JsonObject } from '#core/json.ts';
import type { HttpCall } from './http-call.ts';
import { makeCall, type CallFacts } from './make-call.ts';

/**
 * Makes a call for a trigger, with the account of its connection. Each carries a key of its own: it is repeated on purpose or not at
 * all. Throws `StepFailure` in the vendor's words.
 */
export function triggerCall(
  connector: CallFacts,
  call: HttpCall,
  { context, settings = {} }: { readonly context: TriggerContext; readonly settings?: JsonObject },
): Promise<Json> {
  const { http, signal, timeoutMs } = context;
  return makeCall({ connector, call }, settings, {
    http,
    signal,
    timeoutMs,
    idempotencyKey: globalThis.crypto.randomUUID(),
  });
}
