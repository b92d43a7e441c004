import { createServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import { waitFor } from '#test/support/wait-for.ts';

/** One request that arrived, exactly as it came. */
export interface SinkRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** The body parsed as JSON. Throws when it is none. */
  json(): unknown;
  /** Wall-clock milliseconds at which the request line arrived. */
  readonly at: number;
}

export interface SinkReply {
  /** Default 200. */
  readonly status?: number;
  /** Before the reply. Default 0. */
  readonly delayMs?: number;
  /** The reply waits for it. */
  readonly until?: Promise<unknown>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON unless it is text. Default `{ "ok": true }`. */
  readonly body?: unknown;
  /** Breaks the connection instead of replying. */
  readonly hangUp?: boolean;
}

export interface Sink {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** Everything that arrived, in order. */
  readonly requests: readonly SinkRequest[];
  at(path: string): readonly SinkRequest[];
  /** Sets the reply for a path, or a function that chooses one for each request. */
  reply(path: string, reply: SinkReply | ((request: SinkRequest, before: number) => SinkReply)): void;
  /** Sets the reply for every path that has none of its own. */
  replyToAll(reply: SinkReply): void;
  /** Resolves with the requests of a path once there are `count`. */
  waitFor(path: string, count: number, timeoutMs?: number): Promise<readonly SinkRequest[]>;
  stop(): Promise<void>;
}

/**
 * A real HTTP server that remembers every request and replies as told: the far end of flows under test.
 *
 * @param listenAt the port; by default a free one.
 */
export async function startSink(listenAt = 0): Promise<Sink> {
  const requests: SinkRequest[] = [];
  const replies = new Map<string, (request: SinkRequest, before: number) => SinkReply>();
  let otherwise: SinkReply = {};
  const at = (path: string): readonly SinkRequest[] => requests.filter((request) => request.path === path);
  const server = createServer((incoming, response) => {
    void read(incoming).then(async (request) => {
      const before = at(request.path).length;
      requests.push(request);
      const reply = replies.get(request.path)?.(request, before) ?? otherwise;
      if (reply.delayMs) await sleep(reply.delayMs);
      await reply.until;
      if (reply.hangUp) return incoming.socket.destroy();
      const body = reply.body ?? { ok: true };
      const isText = typeof body === 'string';
      response.writeHead(reply.status ?? 200, {
        'content-type': isText ? 'text/plain' : 'application/json',
        ...reply.headers,
      });
      return response.end(isText ? body : JSON.stringify(body));
    });
  });
  await new Promise<void>((done) => server.listen(listenAt, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    at,
    reply: (path, reply) => void replies.set(path, typeof reply === 'function' ? reply : () => reply),
    replyToAll: (reply) => {
      otherwise = reply;
    },
    waitFor: (path, count, timeoutMs) =>
      waitFor(`${count} requests at ${path}`, () => at(path).length >= count && at(path), timeoutMs),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

async function read(incoming: IncomingMessage): Promise<SinkRequest> {
  const at = Date.now();
  const chunks: Buffer[] = [];
  for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  const url = new URL(incoming.url ?? '/', 'http://sink');
  return {
    method: incoming.method ?? '',
    path: url.pathname,
    query: url.searchParams,
    headers: incoming.headers,
    body,
    json: () => JSON.parse(body.toString()) as unknown,
    at,
  };
}
