import { z } from 'zod';

import type { ConnectorDef } from '#connectors/contract.ts';

const pem = (label: string, says: string) =>
  z
    .string()
    .trim()
    .regex(new RegExp(`^-----BEGIN [A-Z0-9 ]*${label}-----[\\s\\S]+-----END [A-Z0-9 ]*${label}-----$`), says);

/** A certificate that shows who calls, in the TLS handshake. */
export const mtls: ConnectorDef = {
  id: 'mtls',
  label: 'Client certificate',
  summary: 'A certificate that shows who calls (mutual TLS).',
  icon: 'file-badge',
  category: 'credential',
  connection: z.strictObject({
    baseUrl: z
      .string()
      .regex(/^https:\/\/[^\s/?#@]+(\/[^\s?#]*)?$/i, 'write an address that starts with https://')
      .meta({
        title: 'Only shown to',
        help: 'Scheme, host and port that the certificate may be shown to.',
        placeholder: 'https://api.example.com',
      }),
    certificate: pem(
      'CERTIFICATE',
      'paste the text between -----BEGIN CERTIFICATE----- and -----END CERTIFICATE-----, both included',
    ).meta({
      title: 'Certificate',
      help: 'PEM. Those of authorities in between follow the certificate itself.',
      widget: 'textarea',
    }),
    privateKey: pem(
      'PRIVATE KEY',
      'paste the text between -----BEGIN … PRIVATE KEY----- and -----END … PRIVATE KEY-----, both included',
    ).meta({
      title: 'Private key',
      help: 'PEM, of the same certificate.',
      widget: 'textarea',
      secret: true,
    }),
    passphrase: z.string().optional().meta({
      title: 'Passphrase',
      help: 'Where the private key is encrypted.',
      secret: true,
    }),
    ca: pem('CERTIFICATE', 'paste one or more certificates in PEM').optional().meta({
      title: 'Authority of the server',
      help: 'PEM. Where the server’s certificate is signed by an authority of its own: it is trusted instead of the public ones.',
      widget: 'textarea',
      advanced: true,
    }),
    crl: pem('X509 CRL', 'paste one or more revocation lists in PEM').optional().meta({
      title: 'Revocation list',
      help: 'PEM. Of the authorities of the server’s certificate, all of them: a certificate on it is refused, and so is every one once the list is out of date.',
      widget: 'textarea',
      advanced: true,
    }),
  }),
  callAuth: {
    kind: 'certificate',
    certificate: 'certificate',
    privateKey: 'privateKey',
    passphrase: 'passphrase',
    ca: 'ca',
    crl: 'crl',
  },
  baseUrl: '{baseUrl}',
  operations: [],
};
