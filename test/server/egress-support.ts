import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net';

import { afterEach } from 'vitest';

import type { HttpRequest, HttpResponse } from '#connectors/contract.ts';
import { egressClient, type EgressClient, type EgressOptions } from '#server/egress/egress-client.ts';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanups.splice(0).toReversed()) await cleanUp();
});

export interface FarEnd {
  readonly port: number;
  /** `http://127.0.0.1:<port>` or https. */
  readonly url: string;
  /** Request lines that arrived, such as `GET /path`. */
  readonly seen: string[];
}

/** A real server on loopback, stopped after the test. */
export async function farEnd(listener: RequestListener): Promise<FarEnd> {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    listener(request, response);
  });
  return { ...(await listen(server, 'http')), seen };
}

export async function tlsFarEnd(
  tls: { cert: string; key: string },
  listener: RequestListener,
): Promise<FarEnd> {
  const seen: string[] = [];
  const server = createTlsServer(tls, (request, response) => {
    seen.push(`${request.method} ${request.url}`);
    listener(request, response);
  });
  return { ...(await listen(server, 'https')), seen };
}

/** A server that speaks bytes, for answers that no HTTP server would give. */
export async function rawFarEnd(onRequest: (socket: Socket) => void): Promise<FarEnd> {
  const server = createTcpServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => onRequest(socket));
  });
  return { ...(await listen(server, 'http')), seen: [] };
}

async function listen(server: Server, scheme: string): Promise<{ port: number; url: string }> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  cleanups.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((done) => server.close(done));
  });
  const { port } = server.address() as AddressInfo;
  return { port, url: `${scheme}://127.0.0.1:${port}` };
}

/** A client that may call loopback unless told otherwise, closed after the test. */
export function client(options: EgressOptions = {}): EgressClient {
  const created = egressClient({ allow: '127.0.0.1/32', ownPorts: [], ...options });
  cleanups.push(() => created.close());
  return created;
}

export function get(http: EgressClient, url: string, rest: Partial<HttpRequest> = {}): Promise<HttpResponse> {
  return http({ method: 'GET', url, timeoutMs: 5_000, ...rest });
}

export function text(response: HttpResponse): string {
  return Buffer.from(response.body).toString();
}
