import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { HeldBytes } from '#server/ingress/held-bytes.ts';
import { MOST_WAITING, takeTurn, type Turn } from '#server/ingress/turns.ts';
import { waitFor } from '#test/support/wait-for.ts';

/** Of those to be kept. */
const MOST_AT_ONCE = 2;
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

/** Asks for a turn; `granted` is undefined as long as it is waited for, and `answer` comes with it. */
function ask(request: IncomingMessage, kind: 'kept' | 'dropped' = 'kept') {
  const answer = takeTurn(request, kind);
  const asked: { granted: Turn | null | undefined; readonly answer: Promise<Turn | null> } = {
    granted: undefined,
    answer,
  };
  void answer.then((turn) => {
    asked.granted = turn;
    turns.push(turn);
  });
  return asked;
}

/** So many requests, one after the other. */
async function beginRequests(count: number): Promise<readonly IncomingMessage[]> {
  const begun: IncomingMessage[] = [];
  for (let n = 0; n < count; n++) begun.push((await beginRequest()).request);
  return begun;
}

/**
 * Takes every turn for requests to be kept, and holds on to them for the second that a turn lasts at most: begin what
 * the test needs before, for on a busy machine that takes longer.
 */
async function fill(): Promise<() => void> {
  const requests = await beginRequests(MOST_AT_ONCE);
  const taken = await Promise.all(requests.map((request) => takeTurn(request, 'kept')));
  turns.push(...taken);
  const flowing = setInterval(() => taken.forEach((turn) => turn?.flow(Buffer.from('x'))), 5);
  return () => clearInterval(flowing);
}

describe('large requests that are to be read', () => {
  it('are read two at a time, those that came first before the others', async () => {
    const [one, another, refused] = await beginRequests(3);
    const stop = await fill();
    const [third, fourth] = [ask(one!), ask(another!)];
    // Others meanwhile: refused ones have turns of their own.
    expect(await takeTurn(refused!, 'dropped')).not.toBeNull();
    expect([third.granted, fourth.granted]).toEqual([undefined, undefined]);
    turns[0]?.end();
    expect(await third.answer).not.toBeNull();
    expect(fourth.granted).toBeUndefined();
    stop();
  });

  it('let others go on when nothing comes of them, by themselves', async () => {
    const [one] = await beginRequests(1);
    const stop = await fill();
    stop();
    const third = ask(one!);
    await waitFor('the third', () => third.granted);
  });

  it('leave the line when their sender goes away', async () => {
    const { request, socket } = await beginRequest();
    const stop = await fill();
    const asked = ask(request);
    socket.resetAndDestroy();
    request.destroy();
    await waitFor('an answer', () => asked.granted === null);
    stop();
  });

  it('are refused at once when too many wait', async () => {
    const [last, ...others] = await beginRequests(MOST_WAITING + 1);
    const stop = await fill();
    const waiting = others.map((request) => ask(request));
    expect(waiting).toHaveLength(MOST_WAITING);
    expect(await takeTurn(last!, 'kept')).toBeNull();
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
    const [one, refused] = await beginRequests(2);
    const asked = ask(one!);
    expect(await takeTurn(refused!, 'dropped')).not.toBeNull();
    expect(asked.granted).toBeUndefined();
    held.release();
    await waitFor('its turn', () => asked.granted);
  });
});
