import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';

import { handleApiRequest } from '#server/api/handle-api-request.ts';

export interface ApiServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** A real HTTP server on a free port whose every request goes to the REST API's router. */
export async function startApiServer(): Promise<ApiServer> {
  const server = createServer((request, response) => void answerApi(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Answers one request by the REST API's router. */
export async function answerApi(request: IncomingMessage, response: ServerResponse): Promise<void> {
  await answerBy(handleApiRequest, { request, response });
}

/** Answers one request by a function of the platform's own kinds, as Next does. */
export async function answerBy(
  handle: (request: Request) => Promise<Response>,
  { request, response }: { readonly request: IncomingMessage; readonly response: ServerResponse },
): Promise<void> {
  const hasBody = request.method !== 'GET' && request.method !== 'HEAD';
  const reply = await handle(
    new Request(`http://${request.headers.host}${request.url}`, {
      method: request.method,
      headers: request.headers as Record<string, string>,
      ...(hasBody ? { body: Readable.toWeb(request) as ReadableStream, duplex: 'half' } : {}),
    }),
  );
  response.writeHead(reply.status, Object.fromEntries(reply.headers));
  response.end(Buffer.from(await reply.arrayBuffer()));
}
