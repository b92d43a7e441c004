import type { IncomingMessage, ServerResponse } from 'node:http';

import { env } from '#server/env.ts';
import { handleHook } from '#server/ingress/handle-hook.ts';
import { answerKeySet } from '#server/jwks/answer-key-set.ts';
import { log } from '#server/log.ts';
import { observeRequest, type Part } from '#server/web/metrics.ts';
import { answerPackedAsset, type PackedAssets } from '#server/web/packed-assets.ts';
import { answerProbe } from '#server/web/probes.ts';
import { unreadiness } from '#server/web/readiness.ts';
import { guardHost, guardRequest, type Refusal } from '#server/web/request-guard.ts';
import { contentSecurityPolicy, newNonce, securityHeaders } from '#server/web/security-headers.ts';

/** A flow may answer a hook with any HTML; sandboxed, it cannot act as this site towards a signed-in visitor. */
const HOOK_POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'";

export interface WebState {
  readonly isDev: boolean;
  isDraining: boolean;
  /** None in development: they change there. */
  readonly assets: PackedAssets;
  readonly handleWithNext: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
}

/** One request of the web process: hooks and probes are answered here, everything else by Next. Never rejects. */
export async function routeRequest(
  request: IncomingMessage,
  response: ServerResponse,
  state: WebState,
): Promise<void> {
  const startedAt = performance.now();
  const part = partOf(request.url ?? '');
  response.once('finish', () => {
    if (isStream(response)) return;
    observeRequest(part, response.statusCode, (performance.now() - startedAt) / 1_000);
  });
  try {
    await dispatch(request, response, { part, state });
  } catch (cause) {
    log.error({ err: cause, part }, 'A request failed');
    if (response.headersSent) response.destroy();
    else
      refuse(response, {
        status: 500,
        title: 'Internal error',
        detail: 'The request failed; the log says why.',
      });
  }
}

async function dispatch(
  request: IncomingMessage,
  response: ServerResponse,
  { part, state }: { part: Part; state: WebState },
): Promise<void> {
  const isHttps = env().publicUrl.startsWith('https:');
  for (const [name, value] of Object.entries(securityHeaders({ https: isHttps })))
    response.setHeader(name, value);
  if (state.isDraining) response.setHeader('Connection', 'close');

  const refusal = guardRequest(request);
  if (refusal) return refuse(response, refusal);
  if (part === 'hooks') {
    response.setHeader('Content-Security-Policy', HOOK_POLICY);
    return handleHook(request, response);
  }
  if (await answerProbe(request, response, { isDraining: state.isDraining, unreadiness })) return;

  const misdirected = guardHost(request);
  if (misdirected) return refuse(response, misdirected);
  if (answerPackedAsset(request, response, state.assets)) return;
  if (await answerKeySet(request, response)) return;
  const nonce = newNonce();
  const policy = contentSecurityPolicy(nonce, { dev: state.isDev, https: isHttps });
  // Next finds the nonce for its own scripts in the request's policy; pages read theirs from x-nonce.
  request.headers['content-security-policy'] = policy;
  request.headers['x-nonce'] = nonce;
  response.setHeader('Content-Security-Policy', policy);
  await state.handleWithNext(request, response);
}

/** True for server-sent events, which last as long as their reader. */
export function isStream(response: ServerResponse): boolean {
  return String(response.getHeader('content-type') ?? '').startsWith('text/event-stream');
}

function partOf(url: string): Part {
  if (url.startsWith('/hooks/')) return 'hooks';
  if (url.startsWith('/api/')) return 'api';
  if (url.startsWith('/_next/')) return 'assets';
  return /^\/(healthz|readyz|metrics)(\?|$)/.test(url) ? 'probes' : 'pages';
}

function refuse(response: ServerResponse, { status, title, detail }: Refusal): void {
  response.writeHead(status, { 'Content-Type': 'application/problem+json', 'Cache-Control': 'no-store' });
  response.end(JSON.stringify({ type: 'about:blank', title, status, detail }));
}
