import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { createServer as createTcpServer, type AddressInfo, type Server as TcpServer } from 'node:net';

import type { Pair } from '#test/support/certificates.ts';

/** A far end that gives back whatever it is told, in every way that it can. */
export interface TellTale {
  readonly http: string;
  /** Its certificate is signed by nobody. */
  readonly https: string;
  /** A port that speaks no HTTP. */
  readonly garbage: string;
  /** Every `Authorization` that arrived. */
  readonly shown: readonly string[];
  stop(): Promise<void>;
}

export async function startTellTale(pair: Pair): Promise<TellTale> {
  const shown: string[] = [];
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    const { authorization } = request.headers;
    if (authorization) shown.push(authorization);
    void reply(request, response);
  };
  const servers: readonly (Server | TcpServer)[] = [
    createServer(answer),
    createTlsServer(pair, answer),
    createTcpServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', (bytes) => socket.end(bytes));
    }),
  ];
  const [http, https, garbage] = await Promise.all(
    servers.map(async (server, index) => {
      await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
      const { port } = server.address() as AddressInfo;
      return `${index === 1 ? 'https' : 'http'}://127.0.0.1:${port}`;
    }),
  );
  return {
    http: http!,
    https: https!,
    garbage: garbage!,
    shown,
    stop: async () => {
      for (const server of servers) if ('closeAllConnections' in server) server.closeAllConnections();
      await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
    },
  };
}

async function reply(request: IncomingMessage, response: ServerResponse): Promise<void> {
  request.resume();
  const url = new URL(request.url ?? '/', 'http://x');
  const told = secretsIn(request, url);
  const header = encodeURIComponent(told.join(' '));
  const [, path = '', rest = ''] = url.pathname.split('/');
  switch (path) {
    case 'status':
      response.writeHead(Number(rest), {
        ...{
          'content-type': 'application/json',
          'x-request-id': header,
          location: `https://x.test/?k=${header}`,
        },
        ...{ 'www-authenticate': `Bearer error="${header}"`, 'x-echo': header },
      });
      return void response.end(JSON.stringify(echo(told)));
    case 'text':
      response.writeHead(Number(rest), { 'content-type': 'text/plain' });
      // The first secret is cut off in its middle, where messages quote a body.
      return void response.end(`${'.'.repeat(180)}${told.join(' ')} ${Object.values(echo(told)).join(' ')}`);
    case 'elsewhere':
      return void response.writeHead(307, { location: `http://localhost:1/?told=${header}` }).end();
    case 'loop':
      return void response.writeHead(302, { location: `/loop/${header}` }).end();
    case 'slow':
      return undefined;
    case 'cut':
      response.writeHead(200, { 'content-length': '100000' });
      response.write(told.join(' '));
      return void setTimeout(() => request.socket.destroy(), 20);
    default:
      return void response.writeHead(404).end();
  }
}

/** All that came with a request, as a curious server reads it: what it looks for first, decoded where it can be. */
export function secretsIn({ headers }: IncomingMessage, url: URL): string[] {
  const { authorization = '', 'x-api-key': key = '' } = headers;
  const credentials = authorization.replace(/^\S+ /, '');
  const decoded = Buffer.from(credentials, 'base64').toString();
  const pair = decoded.includes(':') ? [decoded.replace(/^[^:]*:/, ''), decoded] : [];
  const all = [...pair, credentials, String(key), ...url.searchParams.values(), authorization, url.search];
  return [...new Set([...all, ...Object.values(headers).map(String)])].filter((text) => text.length > 8);
}

export function echo(told: readonly string[]): Record<string, string> {
  const text = told.join(' ');
  return {
    plain: text,
    base64: Buffer.from(text).toString('base64'),
    base64url: Buffer.from(`x${text}`).toString('base64url'),
    base64After: Buffer.from(`{"${text}"}`).toString('base64'),
    hex: Buffer.from(text).toString('hex'),
    urlEncoded: encodeURIComponent(text),
    form: new URLSearchParams({ text }).toString(),
    json: JSON.stringify({ text }),
    jsonInJson: JSON.stringify(JSON.stringify({ text })),
    each: JSON.stringify(
      told.map((one) => [Buffer.from(one).toString('base64'), Buffer.from(one).toString('hex')]),
    ),
  };
}
