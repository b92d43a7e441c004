import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import { diceFor } from './chance.ts';
import { openRecordFile } from './record-file.ts';
import type { CallName, End, Passage } from './records.ts';

/** Weights of what happens to a call while faults are on. */
const FAULTS = {
  none: 955,
  /** The connection is reset before anything was passed on. */
  reset: 10,
  /** Nothing is passed on and nothing comes back. */
  black_hole: 5,
  /** The far end acts and answers, and the connection is reset instead. */
  drop_reply: 15,
  /** The far end acts and answers, and nothing comes back. */
  swallow_reply: 5,
  /** Request and reply come in small pieces. */
  slow: 10,
} as const;
type Fault = keyof typeof FAULTS;

const PIECE_BYTES = 48;
const PIECE_PAUSE_MS = 20;

export interface FaultProxies {
  readonly ports: Readonly<Record<End, number>>;
  /** From now on everything passes as it is. */
  heal(): void;
  stop(): Promise<void>;
}

/** A proxy before each far end, on real sockets; which call meets which fault follows from the seed and the call's name. */
export async function startFaultProxies(options: {
  readonly file: string;
  readonly seed: number;
  readonly targets: Readonly<Record<End, number>>;
}): Promise<FaultProxies> {
  const record = await openRecordFile<Passage>(options.file);
  const times = new Map<string, number>();
  const open = new Set<Socket>();
  let isHealed = false;

  function faultFor({ event, node, item }: CallName): Fault {
    const name = `${event} ${node} ${item}`;
    const before = times.get(name) ?? 0;
    times.set(name, before + 1);
    return isHealed ? 'none' : diceFor(options.seed, 'fault', name, before).weighted(FAULTS);
  }

  async function pass(near: Socket, end: End): Promise<void> {
    const { at, bytes } = await readRequest(near);
    const name = { end, ...parseName(bytes) };
    const fault = faultFor(name);
    let status: number | null = null;
    let deliveredAt: number | null = null;
    if (fault === 'reset') near.resetAndDestroy();
    else if (fault !== 'black_hole') {
      const reply = await ask(options.targets[end], bytes, fault === 'slow');
      status = statusOf(reply);
      if (fault === 'drop_reply') near.resetAndDestroy();
      else if (fault !== 'swallow_reply') deliveredAt = await deliver(near, reply, fault === 'slow');
    }
    // A line that lost its answer stays open until the caller gives up.
    if (!near.destroyed) await once(near, 'close');
    await record.append({ at, ...name, fault, status, deliveredAt });
  }

  const servers = (['a', 'b', 'c'] as const).map((end) => {
    const server = createServer((near) => {
      open.add(near);
      near.on('error', () => near.destroy());
      near.on('close', () => open.delete(near));
      pass(near, end).catch(() => near.destroy());
    });
    return server;
  });
  for (const server of servers) await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const [a = 0, b = 0, c = 0] = servers.map((server) => (server.address() as AddressInfo).port);
  return {
    ports: { a, b, c },
    heal: () => (isHealed = true),
    stop: async () => {
      for (const server of servers) {
        const closed = new Promise((done) => server.close(done));
        for (const socket of open) socket.destroy();
        await closed;
      }
      await record.close();
    },
  };
}

/** Rejects when the caller goes away in the middle of it: then nothing was passed on, and nothing happened. */
async function readRequest(near: Socket): Promise<{ readonly at: number; readonly bytes: Buffer }> {
  let bytes = Buffer.alloc(0);
  let at = 0;
  for await (const chunk of near.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    at ||= Date.now();
    bytes = Buffer.concat([bytes, chunk]);
    const head = bytes.indexOf('\r\n\r\n');
    const length = Number(/^content-length: *(\d+)/im.exec(bytes.toString('latin1'))?.[1] ?? 0);
    if (head !== -1 && bytes.length >= head + 4 + length) {
      near.resume();
      return { at, bytes };
    }
  }
  throw new Error('The caller went away.');
}

function parseName(request: Buffer): Omit<CallName, 'end'> {
  const text = request.toString('latin1');
  const header = (name: string) => new RegExp(`^${name}: *(.*?) *\\r$`, 'im').exec(text)?.[1] ?? '';
  return {
    key: header('idempotency-key'),
    run: header('x-run'),
    event: header('x-event'),
    node: header('x-node'),
    item: header('x-item'),
  };
}

/** The far end closes the connection after its reply. */
async function ask(port: number, request: Buffer, isSlow: boolean): Promise<Buffer> {
  const far = connect({ port, host: '127.0.0.1' });
  const chunks: Buffer[] = [];
  far.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = once(far, 'end');
  await write(far, request, isSlow);
  await ended;
  far.destroy();
  return Buffer.concat(chunks);
}

/** When all of it was handed over; null when the caller had gone away. */
async function deliver(near: Socket, reply: Buffer, isSlow: boolean): Promise<number | null> {
  const isWhole = await write(near, reply, isSlow);
  near.end();
  return isWhole ? Date.now() : null;
}

/** True when the other side was there to take all of it. */
async function write(socket: Socket, bytes: Buffer, isSlow: boolean): Promise<boolean> {
  const size = isSlow ? PIECE_BYTES : bytes.length;
  for (let from = 0; from < bytes.length; from += size) {
    if (isSlow) await sleep(PIECE_PAUSE_MS);
    const piece = bytes.subarray(from, from + size);
    const fault = await new Promise<unknown>((done) => socket.write(piece, done));
    if (fault) return false;
  }
  return true;
}

function statusOf(reply: Buffer): number | null {
  const status = /^HTTP\/1\.1 (\d{3})/.exec(reply.toString('latin1'))?.[1];
  return status === undefined ? null : Number(status);
}
