import { createServer, type AddressInfo, type Socket } from 'node:net';

import { afterEach, describe, expect, test } from 'vitest';

import { freePort } from '#test/support/free-port.ts';
import { failureOf } from '#test/support/failure-of.ts';
import { client } from './egress-support.ts';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanups.splice(0)) await cleanUp();
});

/** A server that says hello, and counts who came. */
async function greeter(): Promise<{ readonly port: number; readonly sockets: Socket[] }> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    sockets.push(socket);
    socket.write('220 hello\r\n');
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  cleanups.push(() => {
    sockets.forEach((socket) => socket.destroy());
    return new Promise((done) => server.close(done));
  });
  return { port: (server.address() as AddressInfo).port, sockets };
}

describe('a socket for another protocol', () => {
  test('reaches what is allowed', async () => {
    const far = await greeter();
    const socket = await client().dial({ host: '127.0.0.1', port: far.port });
    const [said] = await new Promise<[Buffer]>((done) => socket.once('data', (data) => done([data])));
    expect(said.toString()).toBe('220 hello\r\n');
    socket.destroy();
  });

  test.each([
    '127.0.0.1',
    'localhost',
    '0',
    '2130706433',
    '::1',
    '[::1]',
    '::ffff:127.0.0.1',
    '10.0.0.1',
    '169.254.169.254',
  ])('does not reach %s', async (host) => {
    const far = await greeter();
    const error = await failureOf(client({ allow: '' }).dial({ host, port: far.port }));
    expect(error).toMatchObject({ kind: 'invalid', code: 'egress_denied' });
    expect(far.sockets).toEqual([]);
  });

  test('a name is refused for any private address among its answers', async () => {
    const far = await greeter();
    const resolve = () =>
      Promise.resolve([
        { address: '93.184.216.34', family: 4 },
        { address: '127.0.0.1', family: 4 },
      ]);
    const error = await failureOf(
      client({ allow: '', resolve }).dial({ host: 'mixed.test', port: far.port }),
    );
    expect(error.code).toBe('egress_denied');
    expect(far.sockets).toEqual([]);
  });

  test('the address that was checked is the one dialled', async () => {
    const far = await greeter();
    let asked = 0;
    const resolve = () => {
      asked += 1;
      return Promise.resolve([{ address: asked === 1 ? '127.0.0.1' : '127.0.0.2', family: 4 }]);
    };
    const socket = await client({ resolve }).dial({ host: 'rebind.test', port: far.port });
    expect(socket.remoteAddress).toBe('127.0.0.1');
    expect(asked).toBe(1);
    socket.destroy();
  });

  test('a range does not open our own database', async () => {
    const far = await greeter();
    const http = client({ allow: '127.0.0.0/8', ownPorts: [far.port] });
    expect(await failureOf(http.dial({ host: '127.0.0.1', port: far.port }))).toMatchObject({
      code: 'egress_denied',
    });
    expect(far.sockets).toEqual([]);
  });

  test.each([
    ['a path', '/var/run/docker.sock', 1],
    ['a port that is none', '127.0.0.1', 70_000],
    ['a port that is no number', '127.0.0.1', NaN],
    ['an address with a user', 'user@127.0.0.1', 25],
    ['nothing', '', 25],
  ])('%s is no address', async (_name, host, port) => {
    expect(await failureOf(client().dial({ host, port }))).toMatchObject({
      kind: 'invalid',
      code: 'invalid_address',
    });
  });

  test('nobody listens, nobody has the name, nobody waits', async () => {
    const port = await freePort();
    expect(await failureOf(client().dial({ host: '127.0.0.1', port }))).toMatchObject({
      code: 'connect_refused',
    });
    const resolve = () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' }));
    expect(await failureOf(client({ resolve }).dial({ host: 'no.test', port }))).toMatchObject({
      code: 'dns_failed',
    });
    const signal = AbortSignal.abort(new Error('over'));
    const far = await greeter();
    await expect(client().dial({ host: '127.0.0.1', port: far.port, signal })).rejects.toThrow();
    expect(far.sockets).toEqual([]);
  });

  test('an address that does not answer is given up in time', async () => {
    const http = client({ allow: '192.0.2.1', connectTimeoutMs: 300 });
    const error = await failureOf(http.dial({ host: '192.0.2.1', port: 25 }));
    expect(['connect_timeout', 'connect_refused']).toContain(error.code);
  });
});
