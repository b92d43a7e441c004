import { isAddressAllowed } from '#server/ingress/address.ts';
import type { Hook, PublishedHook } from '#server/ingress/find-hook.ts';
import type { HookRequest } from '#server/ingress/hook-request.ts';
import {
  ADDRESS_NOT_ALLOWED,
  methodNotAllowed,
  NOT_PUBLISHED,
  tooLarge,
  unsupported,
  type Refusal,
} from '#server/ingress/refusal.ts';
import { isGzip, isJsonType, isKnownCharset, readContentType } from '#server/runs/parse-event-body.ts';

/** What the line and the headers of a request are refused for, before its body is read; null for nothing. */
export function checkRequest(hook: Hook, request: HookRequest): Refusal | null {
  if (!hook.published) return NOT_PUBLISHED;
  return checkCaller(hook.published, request) ?? checkBodyHeaders(hook.published, request);
}

function checkCaller({ trigger }: PublishedHook, { method, address }: HookRequest): Refusal | null {
  const { method: taken } = trigger.settings;
  if (taken !== 'ANY' && taken !== method) return methodNotAllowed(taken);
  return isAddressAllowed(address, trigger.ranges) ? null : ADDRESS_NOT_ALLOWED;
}

function checkBodyHeaders({ trigger }: PublishedHook, { headers }: HookRequest): Refusal | null {
  const { 'content-encoding': encoding, 'content-length': length } = headers.values;
  if (encoding !== undefined && !isTakenEncoding(encoding))
    return unsupported('Send the body as it is or packed with gzip; other encodings are not taken.');
  const fault = contentTypeFault(headers);
  if (fault !== null) return unsupported(fault);
  const { maxBodyBytes } = trigger.settings;
  return Number(length ?? 0) > maxBodyBytes ? tooLarge(maxBodyBytes) : null;
}

function isTakenEncoding(encoding: string): boolean {
  return isGzip(encoding) || ['', 'identity'].includes(encoding.trim().toLowerCase());
}

/** A type that says two things, or whose text nobody here can read, would be understood differently by each reader. */
function contentTypeFault({ values, repeated }: HookRequest['headers']): string | null {
  if (repeated.has('content-type')) return 'The request names two content types. Send one.';
  const { type, charset } = readContentType(values['content-type'] ?? '');
  if (!isKnownCharset(charset)) return 'The charset of the body is not known. Send UTF-8.';
  const isUnicode = ['utf-8', 'utf8', 'us-ascii', 'ascii'].includes(charset);
  return isJsonType(type) && !isUnicode ? 'JSON is UTF-8. Leave the charset out.' : null;
}
