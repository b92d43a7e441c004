import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The real HTTP server that the benchmark's flows call; it notes when each event arrived. */
export interface FarEnd {
  readonly url: string;
  /** Arrival times by event id, in milliseconds of `performance.now()`; several when an event arrived twice. */
  readonly arrivals: ReadonlyMap<string, readonly number[]>;
  /** Resolves when `count` different events arrived, or after `timeoutMs`. */
  waitFor(count: number, timeoutMs: number): Promise<void>;
  stop(): Promise<void>;
}

export interface FarEndOptions {
  /** How long it takes to answer. Default: no time. */
  readonly delayMs?: number;
  /** Nobody is answered before. Default: everybody is. */
  readonly opens?: Promise<void>;
}

export async function startFarEnd({ delayMs = 0, opens }: FarEndOptions = {}): Promise<FarEnd> {
  const arrivals = new Map<string, number[]>();
  let onArrival: () => void = () => undefined;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { id } = JSON.parse(Buffer.concat(chunks).toString()) as { id: string };
      const times = arrivals.get(id);
      if (times) times.push(performance.now());
      else arrivals.set(id, [performance.now()]);
      const answer = () => response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true}');
      const answerInTime = () => (delayMs > 0 ? setTimeout(answer, delayMs) : answer());
      if (opens) void opens.then(answerInTime);
      else answerInTime();
      onArrival();
    });
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/orders`,
    arrivals,
    waitFor: (count, timeoutMs) =>
      new Promise((done) => {
        const timer = setTimeout(done, timeoutMs);
        onArrival = () => {
          if (arrivals.size < count) return;
          clearTimeout(timer);
          done();
        };
        onArrival();
      }),
    stop: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
}
