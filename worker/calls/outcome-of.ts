import type { HttpRequest, HttpResponse } from '#connectors/contract.ts';
import { replyFault } from '#connectors/http/reply-fault.ts';
import { statusFailure } from '#connectors/http/status-failure.ts';
import type { CallOutcome } from '#core/breaker.ts';
import type { StepError } from '#core/step-failure.ts';
import { toStepError } from '#core/step-failure.ts';

/** What a reply says of the far end. */
export function outcomeOfReply(request: HttpRequest, response: HttpResponse): CallOutcome {
  const fault = replyFault(response, false);
  if (fault?.kind !== 'transient' && fault?.kind !== 'throttled') return { kind: 'well' };
  const error = withoutBody(statusFailure(request, response, false).error);
  if (fault.kind === 'transient') return { kind: 'ill', error };
  return { kind: 'throttled', error, retryAfterMs: fault.retryAfterMs };
}

/** Failures after the far end was reached, that say that it works. */
const ANSWERED: ReadonlySet<string> = new Set(['response_too_large', 'too_many_redirects']);

/** What a call that got no reply says of the far end; null for nothing. */
export function outcomeOfError(thrown: unknown): CallOutcome | null {
  const error = toStepError(thrown);
  if (error.kind === 'transient') return { kind: 'ill', error };
  return ANSWERED.has(error.code) ? { kind: 'well' } : null;
}

/** The row is read by more people than the run: a body may repeat what was sent. */
function withoutBody({ kind, code, detail, ...rest }: StepError): StepError {
  const { status } = (detail ?? {}) as { readonly status?: number };
  const message = rest.message.split(': ', 1)[0] ?? rest.message;
  return { kind, code, message, ...(status !== undefined && { detail: { status } }) };
}
