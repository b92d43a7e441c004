import { isIP, type LookupFunction } from 'node:net';
import type { SecureContext } from 'node:tls';

import { buildConnector } from 'undici';

import type { AddressPolicy } from '#server/egress/address-policy.ts';

export interface ResolvedAddress {
  readonly address: string;
  readonly family: number;
}

/** Turns a name into addresses; the system's resolver outside tests. */
export type Resolver = (hostname: string) => Promise<readonly ResolvedAddress[]>;

export interface GuardedConnectorOptions {
  readonly policy: AddressPolicy;
  readonly resolve: Resolver;
  readonly connectTimeoutMs: number;
  /** Certificates to trust besides the system's; PEM. */
  readonly ca?: string | undefined;
  /** What is shown and trusted in TLS handshakes, instead of `ca`. */
  readonly secureContext?: SecureContext | undefined;
}

/** Raised instead of dialling; `server/egress` turns it into `egress_denied`. */
export class EgressDeniedError extends Error {
  override name = 'EgressDeniedError';
  readonly code = 'EGRESS_DENIED';
}

/**
 * Opens sockets for undici, to allowed addresses alone. The name is resolved once, every address is checked, and the
 * checked addresses are the ones dialled: a second answer of the resolver is never asked for. What the socket reached
 * is compared again.
 */
export function guardedConnector(options: GuardedConnectorOptions): buildConnector.connector {
  const byPort = new Map<number, buildConnector.connector>();
  return (target, callback) => {
    const host = target.hostname.replace(/^\[(.*)\]$/, '$1').toLowerCase();
    const port = Number(target.port || (target.protocol === 'https:' ? 443 : 80));
    // A literal address is dialled without a look-up.
    if (isIP(host) !== 0 && !options.policy.allows({ host, port, address: host })) {
      callback(denied(host), null);
      return;
    }
    const connect = byPort.get(port) ?? connectorForPort(options, port);
    byPort.set(port, connect);
    connect(target, (...result) => {
      const [error, socket] = result;
      if (error) return callback(error, null);
      const address = socket.remoteAddress ?? '';
      if (options.policy.allows({ host, port, address })) return callback(null, socket);
      socket.destroy();
      return callback(denied(host), null);
    });
  };
}

function connectorForPort(options: GuardedConnectorOptions, port: number): buildConnector.connector {
  return buildConnector({
    allowH2: false,
    timeout: options.connectTimeoutMs,
    lookup: guardedLookup(options, port),
    ...(options.secureContext ? { secureContext: options.secureContext } : { ca: options.ca }),
    minVersion: 'TLSv1.2',
  });
}

/** Refuses a name when any of its addresses is refused: a mixture is how rebinding looks. */
export function guardedLookup({ policy, resolve }: GuardedConnectorOptions, port: number): LookupFunction {
  return (hostname, { all }, callback) => {
    resolve(hostname).then(
      (found) => {
        const host = hostname.toLowerCase();
        const [first] = found;
        if (!first) return callback(notFound(hostname), '', 0);
        if (found.some(({ address }) => !policy.allows({ host, port, address })))
          return callback(denied(host), '', 0);
        return all ? callback(null, [...found]) : callback(null, first.address, first.family);
      },
      (error: unknown) => callback(error as NodeJS.ErrnoException, '', 0),
    );
  };
}

function denied(host: string): EgressDeniedError {
  return new EgressDeniedError(host);
}

function notFound(hostname: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${hostname} has no address`), { code: 'ENOTFOUND' });
}
