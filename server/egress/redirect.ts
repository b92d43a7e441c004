import { fail } from '#server/egress/egress-failure.ts';

/** One hop of a call. */
export interface Hop {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | undefined;
}

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
/** All that another origin is told. What authenticates cannot be known by name, so the rest stays behind. */
const HARMLESS: ReadonlySet<string> = new Set([
  'accept',
  'accept-language',
  'content-type',
  'idempotency-key',
  'user-agent',
]);

/**
 * The call that a redirect asks for; undefined when the answer is no redirect. 307 and 308 repeat method and body;
 * otherwise GET and HEAD stay and everything else becomes a GET without a body. Throws for a step down to http or
 * another scheme. The new address is checked when it is dialled, as every other.
 */
export function followRedirect(hop: Hop, status: number, location: string | undefined): Hop | undefined {
  if (!REDIRECTS.has(status) || location === undefined) return undefined;
  if (!URL.canParse(location, hop.url))
    throw fail('invalid', 'redirect_denied', `${hop.url.host} redirected to something that is no address.`);
  const url = new URL(location, hop.url);
  refuseBadStep(hop.url, url);
  const sameOrigin = url.origin === hop.url.origin;
  const headers = sameOrigin ? hop.headers : keepHarmless(hop.headers);
  if (status === 307 || status === 308) return { ...hop, url, headers };
  const keepsMethod = (hop.method === 'GET' || hop.method === 'HEAD') && status !== 303;
  const method = keepsMethod || hop.method === 'HEAD' ? hop.method : 'GET';
  const { 'content-type': _, ...bodiless } = headers;
  return { method, url, headers: bodiless, body: undefined };
}

function refuseBadStep(from: URL, to: URL): void {
  if (to.protocol !== 'https:' && to.protocol !== 'http:')
    throw fail('invalid', 'redirect_denied', `${from.host} redirected to a ${to.protocol} address.`);
  if (from.protocol === 'https:' && to.protocol === 'http:')
    throw fail('invalid', 'redirect_denied', `${from.host} redirected from https down to http.`);
  if (to.username !== '' || to.password !== '')
    throw fail('invalid', 'redirect_denied', `${from.host} redirected to an address with a password in it.`);
}

function keepHarmless(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => HARMLESS.has(name)));
}
