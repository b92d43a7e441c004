import { isIP } from 'node:net';

import ipaddr from 'ipaddr.js';

import { EnvironmentError } from '#server/env.ts';

type Cidr = [ipaddr.IPv4 | ipaddr.IPv6, number];

/** Where a connection is about to go. */
export interface Destination {
  /** As written in the URL, lower case, without brackets. */
  readonly host: string;
  readonly port: number;
  /** The resolved address. */
  readonly address: string;
}

export interface AddressPolicyOptions {
  /** `PATCHBAY_EGRESS_ALLOW`: CIDRs, addresses and `host:port`, separated by commas. */
  readonly allow: string;
  /** Ports of our own on this machine: reachable only by an exact `host:port` entry. */
  readonly ownPorts?: readonly number[];
}

/** Not public: private, loopback, link-local, shared, documentation, benchmark, multicast, reserved and translated ranges. */
const BLOCKED = [
  '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24',
  '192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4',
  '::/96 ::ffff:0:0/96 64:ff9b::/96 64:ff9b:1::/48 100::/64 2001::/23 2001:db8::/32 2002::/16 3fff::/20 5f00::/16',
  'fc00::/7 fe80::/10 fec0::/10 ff00::/8',
]
  .flatMap((line) => line.split(' '))
  .map((cidr) => ipaddr.parseCIDR(cidr));

/** Where clouds hand out credentials. A range never opens them, only an entry that names the one address. */
const METADATA: ReadonlySet<string> = new Set([
  '169.254.169.254',
  '169.254.170.2',
  '100.100.100.200',
  'fd00:ec2::254',
]);

/** Decides which addresses flows may call: public ones, and those that an administrator allows. */
export class AddressPolicy {
  readonly #cidrs: readonly Cidr[];
  readonly #endpoints: ReadonlySet<string>;
  readonly #ownPorts: ReadonlySet<number>;

  /** Throws `EnvironmentError` for an entry that is neither a CIDR, an address nor `host:port`. */
  constructor({ allow, ownPorts = [] }: AddressPolicyOptions) {
    const entries = allow
      .split(',')
      .map((entry) => entry.trim().toLowerCase())
      .filter((entry) => entry !== '');
    const cidrs = entries.map(parseCidr);
    const endpoints = entries.filter((_, index) => cidrs[index] === undefined);
    const wrong = endpoints.find((entry) => !/^(\[[0-9a-f:.]+\]|[^:[\]/\s]+):\d{1,5}$/.test(entry));
    if (wrong !== undefined)
      throw new EnvironmentError(
        `PATCHBAY_EGRESS_ALLOW holds ${wrong}, which is neither a CIDR such as 10.0.0.0/8 nor a host with its port such as crm.internal:8443.`,
      );
    this.#cidrs = cidrs.filter((cidr) => cidr !== undefined);
    this.#endpoints = new Set(endpoints);
    this.#ownPorts = new Set(ownPorts);
  }

  allows({ host, port, address }: Destination): boolean {
    if (!ipaddr.isValid(address)) return false;
    if (this.#endpoints.has(`${isIP(host) === 6 ? `[${host}]` : host}:${port}`)) return true;
    const parsed = ipaddr.parse(address);
    if (!BLOCKED.some((range) => isIn(parsed, range))) return true;
    if (this.#ownPorts.has(port) && isThisMachine(parsed)) return false;
    const isMetadata = METADATA.has(parsed.toString());
    return this.#cidrs.some((range) => isIn(parsed, range) && (!isMetadata || isSingle(range)));
  }
}

function parseCidr(entry: string): Cidr | undefined {
  const bare = entry.replace(/^\[(.*)\]$/, '$1');
  if (ipaddr.isValidCIDR(bare)) return ipaddr.parseCIDR(bare);
  if (isIP(bare) === 0) return undefined;
  const address = ipaddr.parse(bare);
  return [address, address.kind() === 'ipv4' ? 32 : 128];
}

function isIn(address: ipaddr.IPv4 | ipaddr.IPv6, [range, bits]: Cidr): boolean {
  return address.kind() === range.kind() && address.match([range, bits] as [ipaddr.IPv6, number]);
}

function isSingle([range, bits]: Cidr): boolean {
  return bits === (range.kind() === 'ipv4' ? 32 : 128);
}

function isThisMachine(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  return ['loopback', 'unspecified', 'ipv4Mapped'].includes(address.range());
}
