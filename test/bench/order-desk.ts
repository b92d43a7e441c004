import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A real far end that takes orders at any path and refuses those at `/book` until it is put right. */
export interface OrderDesk {
  readonly url: string;
  /** Arrival times of calls by idempotency key, in milliseconds of `performance.now()`, those refused left out. */
  readonly taken: ReadonlyMap<string, readonly number[]>;
  /** How often each key was refused. */
  readonly refused: ReadonlyMap<string, number>;
  /** From now on everything is taken. */
  putRight(): void;
  stop(): void;
}

export async function startOrderDesk(): Promise<OrderDesk> {
  const taken = new Map<string, number[]>();
  const refused = new Map<string, number>();
  let isBroken = true;
  const server = createServer((request, response) => {
    const key = String(request.headers['idempotency-key']);
    const isRefused = isBroken && request.url === '/book';
    if (isRefused) refused.set(key, (refused.get(key) ?? 0) + 1);
    else taken.set(key, [...(taken.get(key) ?? []), performance.now()]);
    request.resume();
    request.on('end', () =>
      response
        .writeHead(isRefused ? 422 : 200, { 'content-type': 'application/json' })
        .end(isRefused ? '{"error":"The price list is missing"}' : '{"ok":true}'),
    );
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    taken,
    refused,
    putRight: () => void (isBroken = false),
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
