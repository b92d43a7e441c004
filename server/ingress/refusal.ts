import type { Outcome } from '#server/ingress/accepted-event.ts';
import type { Mismatch } from '#server/ingress/schema-check.ts';

/** Why a request is not accepted. */
export interface Refusal {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly errors?: readonly Mismatch[];
}

export const UNKNOWN_HOOK: Refusal = {
  status: 404,
  title: 'Not found',
  detail: 'No flow has this address. Copy the URL from the flow again.',
};

export const NOT_PUBLISHED: Refusal = {
  status: 410,
  title: 'Not published',
  detail: 'The flow of this address is not published. Publish it and send the event again.',
};

/** Empty on purpose: whoever guesses learns nothing. */
export const NOT_GENUINE: Refusal = { status: 401, title: '', detail: '' };

export const ADDRESS_NOT_ALLOWED: Refusal = {
  status: 403,
  title: 'Address not allowed',
  detail: 'This flow takes events from certain addresses only, and yours is not one of them.',
};

export const BUSY: Refusal = {
  status: 429,
  title: 'Too many events',
  detail: 'More events arrive than can be stored. Send this one again after the time in Retry-After.',
  headers: { 'Retry-After': '1' },
};

export const NOT_STORED: Refusal = {
  status: 503,
  title: 'Not stored',
  detail: 'The event was not stored. Send it again after the time in Retry-After.',
  headers: { 'Retry-After': '2' },
};

/** Why a delivery whose events came to this must be sent again; null where it need not. */
export function refusalFor(outcomes: readonly Outcome[]): Refusal | null {
  const kinds = new Set(outcomes.map(({ kind }) => kind));
  if (kinds.has('unavailable')) return NOT_STORED;
  return kinds.has('busy') ? BUSY : null;
}

export function methodNotAllowed(method: string): Refusal {
  return {
    status: 405,
    title: 'Method not allowed',
    detail: `This flow takes ${method} requests.`,
    headers: { Allow: method },
  };
}

export function tooLarge(maxBytes: number): Refusal {
  return {
    status: 413,
    title: 'Body too large',
    detail: `The body is larger than the ${maxBytes} bytes that this flow takes.`,
  };
}

export function unsupported(detail: string): Refusal {
  return { status: 415, title: 'Unsupported body', detail };
}

export function schemaMismatch(errors: readonly Mismatch[]): Refusal {
  return {
    status: 422,
    title: 'Body does not match',
    detail: 'The body does not match the schema of this flow.',
    errors,
  };
}
