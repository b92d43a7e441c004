import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { HttpClient } from '#connectors/contract.ts';

/** A call that arrived where a vendor's API would be. */
export interface VendorCall {
  /** `POST api.github.com/repos/octo/hello/hooks` */
  readonly what: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface VendorReply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
}

/** Stands for the APIs of vendors: a real server, to which calls of their hosts are led. */
export interface VendorHost {
  readonly calls: VendorCall[];
  /** Answers each call; 404 unless it is set. */
  answer: (call: VendorCall) => VendorReply;
  /** A client whose calls of any host arrive here. */
  through(client: HttpClient): HttpClient;
  stop(): Promise<void>;
}

export async function startVendorHost(): Promise<VendorHost> {
  const calls: VendorCall[] = [];
  const host: VendorHost = {
    calls,
    answer: () => ({ status: 404, body: {} }),
    through: (client) => (request) => {
      const { host: name, pathname, search } = new URL(request.url);
      return client({ ...request, url: `${address}/${name}${pathname}${search}` });
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://vendor');
      const call: VendorCall = {
        what: `${request.method} ${decodeURIComponent(pathname.slice(1))}`,
        query: searchParams,
        headers: request.headers,
        body: Buffer.concat(parts).toString('utf8'),
      };
      calls.push(call);
      const { status = 200, headers, body } = host.answer(call);
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(body === undefined ? undefined : JSON.stringify(body));
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return host;
}
