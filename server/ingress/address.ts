import type { IncomingMessage } from 'node:http';

import ipaddr from 'ipaddr.js';

export type AddressRange = [ipaddr.IPv4 | ipaddr.IPv6, number];

/** The peer's address, IPv4 in its own form also on a dual-stack socket; empty when the socket is gone. */
export function peerAddress(request: IncomingMessage): string {
  const address = request.socket.remoteAddress ?? '';
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address;
}

/** Reads CIDRs and single addresses. Null for an entry that is neither: such a list allows nobody. */
export function readRanges(entries: readonly string[]): readonly (AddressRange | null)[] {
  return entries.map((entry) => {
    const text = entry.trim();
    if (ipaddr.isValidCIDR(text)) return ipaddr.parseCIDR(text);
    if (!ipaddr.isValid(text)) return null;
    const address = ipaddr.process(text);
    return [address, address.kind() === 'ipv4' ? 32 : 128];
  });
}

/** True when the address is in one of the ranges, or when there are none. */
export function isAddressAllowed(address: string, ranges: readonly (AddressRange | null)[]): boolean {
  if (ranges.length === 0) return true;
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  return ranges.some((range) => range?.[0].kind() === parsed.kind() && parsed.match(range));
}
