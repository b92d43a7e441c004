import 'reflect-metadata';

import { randomBytes } from 'node:crypto';

import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
  X509CrlGenerator,
  type X509Certificate,
} from '@peculiar/x509';

const EC = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const DAY_MS = 86_400_000;

/** A certificate with its key, in PEM. */
export interface Pair {
  readonly cert: string;
  readonly key: string;
}

export interface LeafOptions {
  readonly name?: string;
  /** Host names and addresses that a server's certificate is for. Default: localhost, far.test, 127.0.0.1. */
  readonly hosts?: readonly string[];
  readonly notBefore?: Date;
  readonly notAfter?: Date;
}

/** A certificate authority that lives as long as the test. */
export interface Authority {
  readonly cert: string;
  server(options?: LeafOptions): Promise<Pair>;
  client(options?: LeafOptions): Promise<Pair>;
  /** A list that names these certificates. */
  crl(revoked: readonly Pair[], nextUpdate?: Date): Promise<string>;
}

export async function makeAuthority(name = 'Test authority'): Promise<Authority> {
  const keys = await crypto.subtle.generateKey(EC, true, ['sign', 'verify']);
  const root = await X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    serialNumber: serial(),
    notBefore: new Date(Date.now() - DAY_MS),
    notAfter: new Date(Date.now() + DAY_MS),
    signingAlgorithm: EC,
    keys,
    extensions: [
      new BasicConstraintsExtension(true, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    ],
  });
  const issued = new Map<string, X509Certificate>();
  const leaf = async (
    usage: ExtendedKeyUsage,
    options: LeafOptions,
    hosts: readonly string[],
  ): Promise<Pair> => {
    const own = await crypto.subtle.generateKey(EC, true, ['sign', 'verify']);
    const certificate = await X509CertificateGenerator.create({
      serialNumber: serial(),
      subject: `CN=${options.name ?? 'leaf'}`,
      issuer: root.subject,
      notBefore: options.notBefore ?? new Date(Date.now() - DAY_MS),
      notAfter: options.notAfter ?? new Date(Date.now() + DAY_MS),
      signingAlgorithm: EC,
      publicKey: own.publicKey,
      signingKey: keys.privateKey,
      extensions: [
        new ExtendedKeyUsageExtension([usage]),
        ...(hosts.length > 0 ? [new SubjectAlternativeNameExtension(hosts.map(hostName))] : []),
      ],
    });
    const cert = certificate.toString('pem');
    issued.set(cert, certificate);
    const key = PemConverter.encode(await crypto.subtle.exportKey('pkcs8', own.privateKey), 'PRIVATE KEY');
    return { cert, key };
  };
  return {
    cert: root.toString('pem'),
    server: (options = {}) =>
      leaf(ExtendedKeyUsage.serverAuth, options, options.hosts ?? ['localhost', 'far.test', '127.0.0.1']),
    client: (options = {}) => leaf(ExtendedKeyUsage.clientAuth, options, options.hosts ?? []),
    crl: async (revoked, nextUpdate = new Date(Date.now() + DAY_MS)) => {
      const list = await X509CrlGenerator.create({
        issuer: root.subject,
        thisUpdate: new Date(Math.min(Date.now(), nextUpdate.getTime()) - DAY_MS),
        nextUpdate,
        signingAlgorithm: EC,
        signingKey: keys.privateKey,
        entries: revoked.map(({ cert }) => ({
          serialNumber: issued.get(cert)!.serialNumber,
          revocationDate: new Date(Date.now() - DAY_MS),
        })),
      });
      return PemConverter.encode(list.rawData, 'X509 CRL');
    },
  };
}

function hostName(host: string): { readonly type: 'ip' | 'dns'; readonly value: string } {
  return { type: /^[\d.]+$|:/.test(host) ? 'ip' : 'dns', value: host };
}

function serial(): string {
  return `01${randomBytes(8).toString('hex')}`;
}
