import type { IncomingMessage } from 'node:http';

import { callerAddress } from '#server/caller-address.ts';
import { env } from '#server/env.ts';
import { readHeaders, type HookHeaders } from '#server/ingress/read-headers.ts';

/** What is known of a request before its body is read. */
export interface HookRequest {
  readonly method: string;
  readonly headers: HookHeaders;
  /** The address that was called, as senders know it. */
  readonly url: string;
  /** The query string without its question mark. */
  readonly search: string;
  readonly address: string;
  readonly nowMs: number;
}

export function hookRequest(request: IncomingMessage, nowMs: number): HookRequest {
  const url = request.url ?? '';
  const mark = url.indexOf('?');
  return {
    method: request.method ?? '',
    url: env().publicUrl + url,
    headers: readHeaders(request.rawHeaders),
    search: mark < 0 ? '' : url.slice(mark + 1),
    address: callerAddress(request),
    nowMs,
  };
}

/** Where an app sends the events of all its accounts to. */
export interface AppPlace {
  readonly connector: string;
  readonly token: string;
}

/** The parts of `/hooks/apps/<connector>/<token>`; null for any other path. */
export function appPlaceOf(url: string): AppPlace | null {
  const [, connector, token] =
    /^\/hooks\/apps\/([a-z][a-z0-9_]{0,62})\/([A-Za-z0-9_-]{16,128})(?:\?|$)/.exec(url) ?? [];
  return connector === undefined || token === undefined ? null : { connector, token };
}

/** The token of `/hooks/<token>`; null for any other path. */
export function tokenOf(url: string): string | null {
  return /^\/hooks\/([A-Za-z0-9_-]{16,128})(?:\?|$)/.exec(url)?.[1] ?? null;
}
