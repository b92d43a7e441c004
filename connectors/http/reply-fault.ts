import type { HttpResponse } from '#connectors/contract.ts';
import type { ErrorKind } from '#core/step-failure.ts';
import { readReset, readRetryAfter } from './read-reset.ts';

/** What a reply with any status but 2xx means for the call. */
export interface ReplyFault {
  readonly kind: ErrorKind;
  /** Milliseconds that the far end asks to wait. */
  readonly retryAfterMs?: number;
}

/** GitHub asks for a minute where it names no time. */
const SECONDARY_LIMIT_MS = 60_000;
/** So much of a body is looked at for words about limits. */
const LOOKED_AT_BYTES = 4_000;

/**
 * How a reply failed; null for a 2xx. Too many calls are `throttled` in whichever form they are told: 429, 503 with a time,
 * or a 403 with a time or with nothing left of the limit (GitHub).
 */
export function replyFault(response: HttpResponse, hasConnection: boolean): ReplyFault | null {
  const { status, headers } = response;
  if (status >= 200 && status <= 299) return null;
  if (status === 429) return throttled(readReset(headers));
  const retryAfterMs = readRetryAfter(headers);
  if (status === 503 && retryAfterMs !== undefined) return throttled(retryAfterMs);
  if (status === 403) {
    if (retryAfterMs !== undefined) return throttled(retryAfterMs);
    if (headers['x-ratelimit-remaining']?.trim() === '0') return throttled(readReset(headers));
    if (namesSecondaryLimit(response)) return throttled(SECONDARY_LIMIT_MS);
  }
  return withTime(plainKind(status, hasConnection), retryAfterMs);
}

function plainKind(status: number, hasConnection: boolean): ErrorKind {
  if (status === 408 || status === 425 || status >= 500) return 'transient';
  return status === 401 && hasConnection ? 'auth' : 'invalid';
}

function throttled(retryAfterMs: number | undefined): ReplyFault {
  return withTime('throttled', retryAfterMs);
}

function withTime(kind: ErrorKind, retryAfterMs: number | undefined): ReplyFault {
  return { kind, ...(retryAfterMs !== undefined && { retryAfterMs }) };
}

function namesSecondaryLimit({ body }: HttpResponse): boolean {
  const text = new TextDecoder().decode(body.subarray(0, LOOKED_AT_BYTES));
  return /secondary rate limit|abuse detection/i.test(text);
}
