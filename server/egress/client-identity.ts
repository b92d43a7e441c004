import { createHash, X509Certificate } from 'node:crypto';
import { createSecureContext, type SecureContext } from 'node:tls';

import type { TlsIdentity } from '#connectors/contract.ts';
import { fail } from '#server/egress/egress-failure.ts';

const CRLS = /-----BEGIN X509 CRL-----[\s\S]+?-----END X509 CRL-----/g;

/** A client certificate, ready for handshakes. */
export interface ClientIdentity {
  readonly context: SecureContext;
  /** When its certificate ends. */
  readonly endsAt: Date;
}

/** Reads certificate, key and trusted authorities. Throws `StepFailure` when they are unreadable or do not belong together. */
export function clientIdentity(tls: TlsIdentity): ClientIdentity {
  try {
    return {
      endsAt: certificateEndsAt(tls.certificate),
      context: createSecureContext({
        cert: tls.certificate,
        key: tls.privateKey,
        passphrase: tls.passphrase,
        ca: tls.ca,
        // Node reads but the first list of a text.
        crl: tls.crl === undefined ? undefined : (tls.crl.match(CRLS) ?? tls.crl),
        minVersion: 'TLSv1.2',
      }),
    };
  } catch (cause) {
    const message = `The client certificate of the connection cannot be used: ${unusableReason(cause)}.`;
    throw fail('invalid', 'client_certificate_unusable', message, cause);
  }
}

/** When the first certificate of a PEM text ends; for a warning ahead. Throws when it holds none. */
export function certificateEndsAt(pem: string): Date {
  return new X509Certificate(pem).validToDate;
}

/** Tells identities apart without holding them: equal for the same bytes of the same workspace, and for nothing else. */
export function fingerprintOf({
  workspaceId,
  certificate,
  privateKey,
  passphrase,
  ca,
  crl,
}: TlsIdentity): string {
  const parts = [workspaceId, certificate, privateKey, passphrase ?? null, ca ?? null, crl ?? null];
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}

/** What OpenSSL says of it, in words of people. */
export function unusableReason(cause: unknown): string {
  const text = cause instanceof Error ? `${'code' in cause ? String(cause.code) : ''} ${cause.message}` : '';
  const found = REASONS.find(([sign]) => sign.test(text));
  return found?.[1] ?? 'its certificate or key cannot be read';
}

const REASONS: readonly (readonly [RegExp, string])[] = [
  [
    /KEY_VALUES_MISMATCH|key values mismatch|KEY_TYPE_MISMATCH/i,
    'the private key does not belong to the certificate',
  ],
  [/BAD_DECRYPT|bad decrypt|bad password/i, 'the passphrase of the private key is wrong'],
  [
    /INTERRUPTED_OR_CANCELLED|interrupted or cancelled/i,
    'the private key is encrypted, and its passphrase is missing',
  ],
  [/CRL|Failed to parse/i, 'the revocation list cannot be read'],
  [
    /EE_KEY_TOO_SMALL|ee key too small|CA_MD_TOO_WEAK|md too weak/i,
    'its key or signature is too weak for TLS',
  ],
];
