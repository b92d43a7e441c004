import { env } from '#server/env.ts';

/** True when the request was made by a page of this site: its `Origin` is the public one, or names the host it was sent to. */
export function isSameOrigin(headers: Headers): boolean {
  const origin = parseOrigin(headers.get('origin'));
  if (!origin) return false;
  return (
    origin.origin === new URL(env().publicUrl).origin || origin.host === headers.get('host')?.toLowerCase()
  );
}

/**
 * The stricter question, for what needs no session: the page's host is the public one or a loopback name. Another name
 * that points at this machine (DNS rebinding) has a matching `Host` too, but not one of these.
 */
export function isOwnOrLoopbackOrigin(headers: Headers): boolean {
  const origin = parseOrigin(headers.get('origin'));
  if (!origin || !isSameOrigin(headers)) return false;
  return origin.hostname === new URL(env().publicUrl).hostname || LOOPBACK_NAMES.has(origin.hostname);
}

const LOOPBACK_NAMES: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

function parseOrigin(text: string | null): URL | null {
  // `null` is what sandboxed frames and redirects send.
  return text !== null && /^https?:\/\//.test(text) && URL.canParse(text) ? new URL(text) : null;
}
