import type { IncomingMessage } from 'node:http';

import ipaddr from 'ipaddr.js';

import { isAddressAllowed, peerAddress, readRanges } from '#server/ingress/address.ts';
import { env, EnvironmentError } from '#server/env.ts';

/** Request header that carries the caller's address inward. The web process sets it and drops what a client sent. */
export const ADDRESS_HEADER = 'x-patchbay-address';

/** Stands for a caller behind a proxy on this machine that is not trusted to name its callers. */
export const UNKNOWN_ADDRESS = '0.0.0.0';

const FORWARDING_HEADERS = ['x-forwarded-for', 'forwarded', 'x-real-ip'];

/**
 * The network address of the caller: the peer's, unless the peer is one of `PATCHBAY_TRUSTED_PROXIES`, which then names
 * its caller as the last entry of `X-Forwarded-For`. A request that some other proxy on this machine passed on is from
 * `UNKNOWN_ADDRESS`: it must not enjoy what only loopback may do, such as the set-up page.
 */
export function callerAddress(request: IncomingMessage, proxies: Ranges = trustedProxies()): string {
  const peer = peerAddress(request);
  if (isListed(peer, proxies)) return lastUntrusted(request, proxies) ?? peer;
  const isForwarded = FORWARDING_HEADERS.some((name) => request.headers[name] !== undefined);
  return isForwarded && isLoopback(peer) ? UNKNOWN_ADDRESS : peer;
}

/** True for an address of this machine itself: 127.0.0.0/8, ::1, and 127/8 mapped into IPv6. */
export function isLoopback(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'loopback';
}

type Ranges = ReturnType<typeof readRanges>;
let cached: Ranges | undefined;

/** Reads `PATCHBAY_TRUSTED_PROXIES` once. Throws `EnvironmentError` for an entry that is no address or CIDR. */
export function trustedProxies(): Ranges {
  return (cached ??= parseTrustedProxies(env().PATCHBAY_TRUSTED_PROXIES));
}

export function parseTrustedProxies(list: string): Ranges {
  const entries = list.split(',').filter((entry) => entry.trim() !== '');
  const ranges = readRanges(entries);
  const wrong = ranges.indexOf(null);
  if (wrong === -1) return ranges;
  throw new EnvironmentError(
    `PATCHBAY_TRUSTED_PROXIES holds ${entries[wrong]?.trim()}, which is no address or CIDR.`,
  );
}

function isListed(address: string, ranges: Ranges): boolean {
  return ranges.length > 0 && isAddressAllowed(address, ranges);
}

/** Each proxy appends the address that it saw: read from the right, the first one that is no proxy of ours. */
function lastUntrusted(request: IncomingMessage, proxies: Ranges): string | undefined {
  const hops = [request.headers['x-forwarded-for']]
    .flat()
    .join(',')
    .split(',')
    .map((hop) => hop.trim());
  return hops.reverse().find((hop) => hop !== '' && !isListed(hop, proxies));
}
