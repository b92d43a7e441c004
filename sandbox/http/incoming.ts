import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

import { Problem } from '#sandbox/problem.ts';

const MOST_BYTES = 64 * 1024;

/** A request, as pages and API see it. */
export interface Incoming {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** The body, 64 KiB at most. Throws a `Problem` (413) for more. */
  body(): Promise<string>;
}

/** What is answered. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export function readIncoming(request: IncomingMessage): Incoming {
  const url = new URL(request.url ?? '/', 'http://acme');
  return {
    method: request.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers: request.headers,
    body: () => readBody(request),
  };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST_BYTES)
      throw new Problem(413, 'too_large', `A body may have ${MOST_BYTES} bytes.`, {
        // The rest of the body is not read, so the connection cannot be used again.
        headers: { connection: 'close' },
      });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
