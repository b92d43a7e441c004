import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { diceFor } from './chance.ts';
import { openRecordFile } from './record-file.ts';
import type { Call, CallName, End } from './records.ts';

/** How many calls of a step in a hundred are refused with a 503 the first time. */
const REFUSED_SHARE = 0.03;

export interface FarEnds {
  readonly ports: Readonly<Record<End, number>>;
  stop(): Promise<void>;
}

/**
 * Three HTTP servers that write each call to one append-only file, synced before they answer. `a` does nothing for a key
 * that it knows and answers as before; `b` and `c` act on every call. `a` refuses some steps once. A connection carries one call.
 */
export async function startFarEnds(options: {
  readonly file: string;
  readonly seed: number;
}): Promise<FarEnds> {
  const record = await openRecordFile<Call>(options.file);
  const known = new Set<string>();
  const refused = new Set<string>();

  function act(name: CallName): Call['did'] {
    if (name.end !== 'a') return 'effect';
    if (known.has(name.key)) return 'known';
    const isMoody = diceFor(options.seed, 'refuse', name.event, name.node, name.item).chance(REFUSED_SHARE);
    if (isMoody && !refused.has(name.key)) {
      refused.add(name.key);
      return 'refused';
    }
    known.add(name.key);
    return 'effect';
  }

  const servers = new Map<End, Server>();
  for (const end of ['a', 'b', 'c'] as const) {
    const server = createServer((request, response) => {
      request.resume();
      request.once('end', () => {
        const name = nameOf(end, request);
        const did = act(name);
        void record.append({ at: Date.now(), ...name, did }).then(() => {
          const status = did === 'refused' ? 503 : 200;
          response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
          response.end(JSON.stringify({ did, end }));
        });
      });
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    servers.set(end, server);
  }
  const portOf = (end: End) => (servers.get(end)?.address() as AddressInfo).port;
  return {
    ports: { a: portOf('a'), b: portOf('b'), c: portOf('c') },
    stop: async () => {
      for (const server of servers.values()) {
        server.closeAllConnections();
        await new Promise((done) => server.close(done));
      }
      await record.close();
    },
  };
}

function nameOf(end: End, request: Pick<IncomingMessage, 'headers'>): CallName {
  const header = (name: string) => String(request.headers[name] ?? '');
  return {
    end,
    key: header('idempotency-key'),
    run: header('x-run'),
    event: header('x-event'),
    node: header('x-node'),
    item: header('x-item'),
  };
}
