import type { WebhookVerify } from '#connectors/core/webhook-verify.ts';

/** Stands where a credential was. */
export const REDACTED = '[redacted]';

const CREDENTIALS = new Set(['authorization', 'proxy-authorization', 'cookie']);

/**
 * The headers as they are stored and as expressions see them: without credentials, those of the trigger's own scheme
 * included. Signatures stay: they open nothing.
 */
export function redactHeaders(
  headers: Readonly<Record<string, string>>,
  verify: WebhookVerify,
): Readonly<Record<string, string>> {
  const own = verify.scheme === 'token' || verify.scheme === 'jwt' ? verify.header.toLowerCase() : '';
  const safe = Object.create(null) as Record<string, string>;
  for (const name in headers) safe[name] = name === own || CREDENTIALS.has(name) ? REDACTED : headers[name]!;
  return safe;
}
