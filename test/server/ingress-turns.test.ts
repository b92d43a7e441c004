import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { HeldBytes } from '#server/ingress/held-bytes.ts';
import { MOST_WAITING, takeTurn, type Turn } from '#server/ingress/turns.ts';
import { waitFor } from '#test/support/wait-for.ts';

const sockets: Socket[] = [];
const turns: (Turn | null)[] = [];
let server: Server;
beforeAll(async () => {
  server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => server.close());
afterEach(async () => {
  turns.splice(0).forEach((turn) => turn?.end());
  for (const socket of sockets.splice(0)) {
    socket.destroy();
    if (!socket.closed) await once(socket, 'close');
  }
});

/** A request whose large body is on its way. */
async function beginRequest(): Promise<{ request: IncomingMessage; socket: Socket }> {
  const arrived = once(server, 'request') as Promise<[IncomingMessage]>;
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.on('error', () => undefined);
  sockets.push(socket);
  socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\nxxx');
  const [request] = await arrived;
  request.on('error', () => undefined);
  return { request, socket };
}

/** Asks for a turn; `granted` is undefined as long as it is waited for. */
function ask(request: IncomingMessage, kind: 'kept' | 'dropped' = 'kept') {
  const asked: { granted: Turn | null | undefined } = { granted: undefined };
  void takeTurn(request, kind).then((turn) => {
    asked.granted = turn;
    turns.push(turn);
  });
  return asked;
}

/** Takes every turn for requests to be kept, and holds on to them. */
async function fill(): Promise<() => void> {
  const requests = await Promise.all([beginRequest(), beginRequest()]);
  const taken = await Promise.all(requests.map(({ request }) => takeTurn(request, 'kept')));
  turns.push(...taken);
  const flowing = setInterval(() => taken.forEach((turn) => turn?.flow(Buffer.from('x'))), 5);
  return () => clearInterval(flowing);
}

describe('large requests that are to be read', () => {
  it('are read two at a time, those that came first before the others', async () => {
    const stop = await fill();
    const [third, fourth] = [ask((await beginRequest()).request), ask((await beginRequest()).request)];
    // Others meanwhile: refused ones have turns of their own.
    expect(await takeTurn((await beginRequest()).request, 'dropped')).not.toBeNull();
    expect([third.granted, fourth.granted]).toEqual([undefined, undefined]);
    stop();
    turns[0]?.end();
    await waitFor('the third', () => third.granted);
    expect(fourth.granted).toBeUndefined();
  });

  it('let others go on when nothing comes of them, by themselves', async () => {
    const stop = await fill();
    stop();
    const third = ask((await beginRequest()).request);
    await waitFor('the third', () => third.granted);
  });

  it('leave the line when their sender goes away', async () => {
    const stop = await fill();
    const { request, socket } = await beginRequest();
    const asked = ask(request);
    socket.resetAndDestroy();
    request.destroy();
    await waitFor('an answer', () => asked.granted === null);
    stop();
  });

  it('are refused at once when too many wait', async () => {
    const stop = await fill();
    const waiting = [];
    for (let n = 0; n < MOST_WAITING; n++) waiting.push(ask((await beginRequest()).request));
    expect(await takeTurn((await beginRequest()).request, 'kept')).toBeNull();
    expect(waiting.every(({ granted }) => granted === undefined)).toBe(true);
    stop();
  });

  it('wait while bodies that are being stored fill the memory set aside', async () => {
    // Nobody has a turn: it is the memory alone that is waited for.
    const stop = await fill();
    stop();
    turns.splice(0).forEach((turn) => turn?.end());
    const held = new HeldBytes(10_000_000);
    expect(held.add(7 * 1_048_576)).toBe(true);
    const asked = ask((await beginRequest()).request);
    expect(await takeTurn((await beginRequest()).request, 'dropped')).not.toBeNull();
    expect(asked.granted).toBeUndefined();
    held.release();
    await waitFor('its turn', () => asked.granted);
  });
});
