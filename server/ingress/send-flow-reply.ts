import { validateHeaderName, validateHeaderValue, type ServerResponse } from 'node:http';

import type { FlowReply } from '#connectors/contract.ts';

/**
 * Headers that a flow may not set: those that frame the message or belong to one hop, those that act on the whole site
 * (Patchbay's pages share it), and those that would loosen the sandbox.
 */
const DROPPED = new Set([
  'alt-svc',
  'clear-site-data',
  'connection',
  'content-encoding',
  'content-length',
  'content-security-policy',
  'content-security-policy-report-only',
  'cross-origin-embedder-policy',
  'cross-origin-opener-policy',
  'date',
  'expect-ct',
  'keep-alive',
  'nel',
  'origin-agent-cluster',
  'proxy-authenticate',
  'proxy-connection',
  'public-key-pins',
  'report-to',
  'reporting-endpoints',
  'server',
  'service-worker-allowed',
  'set-cookie',
  'set-cookie2',
  'strict-transport-security',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'x-content-type-options',
  'x-frame-options',
]);

/** No script, no form, no origin: an HTML or SVG reply that is opened in a browser cannot act as this site. */
const SANDBOX = "sandbox; default-src 'none'; frame-ancestors 'none'";

/** Serves what `core.respond` (or the end of the run) answers, safely for everybody who shares the site. */
export function sendFlowReply(
  response: ServerResponse,
  reply: FlowReply,
  ids: Readonly<Record<string, string>>,
): void {
  const status =
    Number.isInteger(reply.status) && reply.status >= 200 && reply.status <= 599 ? reply.status : 500;
  const { text, contentType } = bodyOf(reply);
  response.statusCode = status;
  response.setHeader('Content-Type', contentType);
  for (const [name, value] of Object.entries(reply.headers)) setSafely(response, name, value);
  response.setHeader('Content-Type', safeContentType(response.getHeader('Content-Type')));
  if (!response.hasHeader('Cache-Control')) response.setHeader('Cache-Control', 'no-store');
  response.setHeader('Content-Security-Policy', SANDBOX);
  response.setHeader('X-Content-Type-Options', 'nosniff');
  for (const [name, value] of Object.entries(ids)) response.setHeader(name, value);
  const hasBody = status !== 204 && status !== 205 && status !== 304;
  if (!hasBody) response.removeHeader('Content-Type');
  response.end(hasBody ? text : undefined);
}

/** A text is sent as it is, everything else as JSON; a null is no body. */
function bodyOf({ body }: FlowReply): { text: string; contentType: string } {
  if (body === null) return { text: '', contentType: 'text/plain; charset=utf-8' };
  if (typeof body === 'string') return { text: body, contentType: 'text/plain; charset=utf-8' };
  return { text: JSON.stringify(body), contentType: 'application/json' };
}

/** A header that HTTP cannot carry is left out rather than failing the reply. */
function setSafely(response: ServerResponse, name: string, value: string): void {
  if (DROPPED.has(name.toLowerCase())) return;
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    response.setHeader(name, value);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
}

/** A script from here would count as the site's own, which its pages' policy may trust. */
function safeContentType(value: number | string | string[] | undefined): string {
  const type = String(value);
  return /javascript|ecmascript|text\/css|wasm/i.test(type) ? 'text/plain; charset=utf-8' : type;
}
