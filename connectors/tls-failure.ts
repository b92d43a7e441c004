import type { StepError } from '#core/step-failure.ts';

/** What a call showed in the handshake. */
export type Shown = 'certificate' | 'nothing';

/** Says in plain words why a TLS connection did not come about; null for a code that has nothing to do with TLS. */
export function tlsFailure(code: string, target: string, shown: Shown): StepError | null {
  const refused = REFUSALS.find(({ sign }) => sign.test(code));
  if (refused) return refused.describe(target, shown);
  const fault = SERVER_FAULTS.find(({ codes }) => codes.includes(code));
  if (fault) return failed(`The TLS certificate of ${target} ${fault.says}`);
  if (/WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST|UNKNOWN_PROTOCOL/.test(code))
    return failed(
      `${target} does not speak TLS there: check the port, and whether the address starts with https.`,
    );
  if (/PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL/.test(code))
    return failed(`${target} speaks neither TLS 1.2 nor 1.3, and older versions are not used.`);
  if (/CERT|CRL|SSL|TLS|SELF_SIGNED|UNABLE_TO_|ERR_OSSL|EPROTO/.test(code))
    return failed(`The TLS connection to ${target} could not be made (${code}).`);
  return null;
}

function failed(message: string): StepError {
  return { kind: 'invalid', code: 'tls_failed', message };
}

/** The server refuses who calls. It says so by an alert (RFC 8446, 6.2), whose names differ a little between versions of OpenSSL. */
const REFUSALS: readonly {
  readonly sign: RegExp;
  readonly describe: (target: string, shown: Shown) => StepError;
}[] = [
  {
    sign: /ALERT_CERTIFICATE_REQUIRED|PEER_DID_NOT_RETURN_A_CERTIFICATE/,
    describe: (target, shown) =>
      refusal(shown === 'nothing' ? wanted(target) : `${target} got no client certificate.`),
  },
  {
    sign: /ALERT_CERTIFICATE_REVOKED/,
    describe: (target) =>
      refusal(`${target} says that the client certificate is revoked. Put another into the connection.`),
  },
  {
    sign: /ALERT_CERTIFICATE_EXPIRED/,
    describe: (target) =>
      refusal(`${target} says that the client certificate has expired. Put a new one into the connection.`),
  },
  {
    sign: /ALERT_UNKNOWN_CA/,
    describe: (target) =>
      refusal(
        `${target} does not know the authority that signed the client certificate. Those in between belong into the connection, too.`,
      ),
  },
  {
    sign: /ALERT_(BAD_CERTIFICATE|UNSUPPORTED_CERTIFICATE|CERTIFICATE_UNKNOWN|ACCESS_DENIED|DECRYPT_ERROR)/,
    describe: (target, shown) =>
      refusal(
        shown === 'nothing'
          ? wanted(target)
          : `${target} does not accept the client certificate of the connection.`,
      ),
  },
  {
    sign: /ALERT_HANDSHAKE_FAILURE/,
    describe: (target, shown) =>
      shown === 'nothing'
        ? failed(
            `${target} ended the TLS handshake. It may ask for a client certificate, which a connection of the kind "Client certificate" holds.`,
          )
        : refusal(
            `${target} ended the TLS handshake: it may not accept the client certificate of the connection.`,
          ),
  },
];

function refusal(message: string): StepError {
  return { kind: 'auth', code: 'client_certificate_refused', message };
}

function wanted(target: string): string {
  return `${target} asks who calls by a client certificate, and the step shows none: give it a connection of the kind "Client certificate".`;
}

/** What is wrong with the server's certificate, by the codes of Node and OpenSSL. */
const SERVER_FAULTS: readonly { readonly codes: readonly string[]; readonly says: string }[] = [
  { codes: ['CERT_HAS_EXPIRED'], says: 'has expired: whoever runs it has to renew it.' },
  { codes: ['CERT_NOT_YET_VALID'], says: 'is not valid yet: check the clocks on both sides.' },
  {
    codes: ['ERR_TLS_CERT_ALTNAME_INVALID', 'HOSTNAME_MISMATCH'],
    says: 'is one for another host: check the address.',
  },
  {
    codes: [
      'DEPTH_ZERO_SELF_SIGNED_CERT',
      'SELF_SIGNED_CERT_IN_CHAIN',
      'UNABLE_TO_GET_ISSUER_CERT',
      'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      'CERT_UNTRUSTED',
      'INVALID_CA',
      'CERT_SIGNATURE_FAILURE',
    ],
    says: 'is not signed by an authority that is trusted here. Where that authority is your own, put its certificate into the connection.',
  },
  { codes: ['CERT_REVOKED'], says: 'is revoked, by the revocation list of the connection.' },
  {
    codes: ['UNABLE_TO_GET_CRL', 'UNABLE_TO_GET_CRL_ISSUER', 'CRL_SIGNATURE_FAILURE'],
    says: 'cannot be looked up: the revocation list of the connection is not one of its authority.',
  },
  {
    codes: ['CRL_HAS_EXPIRED', 'CRL_NOT_YET_VALID'],
    says: 'cannot be looked up: the revocation list of the connection is out of date. Put the present one there.',
  },
];
