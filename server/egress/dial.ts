import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';

import type { Dialer, DialTarget } from '#connectors/dialer.ts';
import { egressFailure, fail } from '#server/egress/egress-failure.ts';
import {
  EgressDeniedError,
  guardedLookup,
  type GuardedConnectorOptions,
} from '#server/egress/guarded-connector.ts';

/** The `Dialer` over the same guard as HTTP calls: each address is checked, and the checked ones are dialled. */
export function guardedDialer(options: GuardedConnectorOptions): Dialer {
  return async (target) => {
    const place = `${target.host}:${target.port}`;
    try {
      const socket = await dial(target, options);
      return target.tls ? await secure(socket, target, options) : socket;
    } catch (error) {
      if (!target.signal?.aborted) throw egressFailure(error, place);
      throw egressFailure(target.signal.reason, place);
    }
  };
}

function dial({ host: given, port, signal }: DialTarget, options: GuardedConnectorOptions): Promise<Socket> {
  const host = given.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  if (!/^[a-z0-9.:_-]+$/.test(host) || !Number.isInteger(port) || port < 1 || port > 65_535)
    throw fail('invalid', 'invalid_address', 'This is no host and port, such as db.example.com and 5432.');
  signal?.throwIfAborted();
  if (isIP(host) !== 0 && !options.policy.allows({ host, port, address: host }))
    throw new EgressDeniedError(host);
  return new Promise((done, reject) => {
    const socket = connect({ host, port, lookup: guardedLookup(options, port) });
    const late = setTimeout(() => {
      socket.destroy(Object.assign(new Error('connect timeout'), { code: 'UND_ERR_CONNECT_TIMEOUT' }));
    }, options.connectTimeoutMs);
    const stop = () => socket.destroy(signal?.reason instanceof Error ? signal.reason : undefined);
    signal?.addEventListener('abort', stop, { once: true });
    const settled = () => {
      clearTimeout(late);
      signal?.removeEventListener('abort', stop);
      socket.off('error', reject);
    };
    socket.once('error', reject);
    socket.once('close', settled);
    socket.once('connect', () => {
      settled();
      if (options.policy.allows({ host, port, address: socket.remoteAddress ?? '' })) return done(socket);
      socket.destroy();
      return reject(new EgressDeniedError(host));
    });
  });
}

function secure(
  socket: Socket,
  { host, tls, signal }: DialTarget,
  options: GuardedConnectorOptions,
): Promise<TLSSocket> {
  const servername = isIP(host) === 0 ? host : '';
  return new Promise((done, reject) => {
    const secured = connectTls({
      socket,
      host,
      servername,
      minVersion: 'TLSv1.2',
      ca: tls?.ca ?? options.ca,
    });
    const late = setTimeout(
      () =>
        secured.destroy(Object.assign(new Error('handshake timeout'), { code: 'UND_ERR_CONNECT_TIMEOUT' })),
      options.connectTimeoutMs,
    );
    const stop = () => secured.destroy(signal?.reason instanceof Error ? signal.reason : undefined);
    signal?.addEventListener('abort', stop, { once: true });
    const settled = () => {
      clearTimeout(late);
      signal?.removeEventListener('abort', stop);
    };
    secured.once('error', (error: Error) => {
      settled();
      reject(error);
    });
    secured.once('close', () => {
      settled();
      // In a turn of its own: Node crashes where a socket goes before its TLS layer in the middle of a handshake.
      setImmediate(() => socket.destroy());
      reject(Object.assign(new Error('closed'), { code: 'ECONNRESET' }));
    });
    secured.once('secureConnect', () => {
      settled();
      done(secured);
    });
  });
}
