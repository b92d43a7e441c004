import { createPrivateKey, X509Certificate } from 'node:crypto';

import { signingKey, SigningKeyError } from '#connectors/credentials/signing-key.ts';
import { clientIdentity } from '#server/egress/client-identity.ts';

/** What a field of a connection gets wrong, in words that follow its name. */
export interface FieldFault {
  readonly field: string;
  readonly says: string;
}

type Fields = Readonly<Record<string, string>>;

/** What is wrong with keys and certificates, which a schema cannot tell: whether they can be read, and belong together. */
export function checkCredentials(connector: string, fields: Fields): readonly FieldFault[] {
  return Object.hasOwn(CHECKS, connector) ? CHECKS[connector]!(fields) : [];
}

const CHECKS: Readonly<Record<string, (fields: Fields) => readonly FieldFault[]>> = {
  jwt: (fields) => [
    ...signingFaults(fields, 'privateKey'),
    ...(fields['previousPrivateKey'] === undefined ? [] : previousFaults(fields['previousPrivateKey'])),
  ],
  mtls: (fields) => mtlsFaults(fields),
};

function signingFaults(fields: Fields, field: 'privateKey'): readonly FieldFault[] {
  try {
    signingKey(fields, field);
    return [];
  } catch (error) {
    if (error instanceof SigningKeyError) return [{ field, says: error.message }];
    throw error;
  }
}

/** It may have been for another algorithm. */
function previousFaults(pem: string): readonly FieldFault[] {
  return readable(() => createPrivateKey(pem))
    ? []
    : [{ field: 'previousPrivateKey', says: 'is not a private key in PEM, or is encrypted' }];
}

function mtlsFaults(fields: Fields): readonly FieldFault[] {
  const { certificate = '', privateKey = '', passphrase, ca, crl } = fields;
  const faults = [
    ...fault(
      readable(() => new X509Certificate(certificate)),
      'certificate',
      'cannot be read',
    ),
    ...fault(ca === undefined || readable(() => new X509Certificate(ca)), 'ca', 'cannot be read'),
    ...keyFaults(privateKey, passphrase),
  ];
  if (faults.length > 0) return faults;
  const key = createPrivateKey({ key: privateKey, passphrase });
  if (!new X509Certificate(certificate).checkPrivateKey(key))
    return [{ field: 'privateKey', says: 'does not belong to the certificate' }];
  const isUsable = readable(() =>
    clientIdentity({ workspaceId: '', certificate, privateKey, passphrase, ca, crl }),
  );
  return fault(isUsable, crl === undefined ? 'certificate' : 'crl', 'cannot be used for TLS');
}

function keyFaults(privateKey: string, passphrase: string | undefined): readonly FieldFault[] {
  if (readable(() => createPrivateKey({ key: privateKey, passphrase }))) return [];
  if (!/ENCRYPTED/.test(privateKey)) return [{ field: 'privateKey', says: 'cannot be read' }];
  return [
    passphrase === undefined
      ? { field: 'passphrase', says: 'is required: the private key is encrypted' }
      : { field: 'passphrase', says: 'does not open the private key' },
  ];
}

function fault(isFine: boolean, field: string, says: string): readonly FieldFault[] {
  return isFine ? [] : [{ field, says }];
}

/** The libraries throw errors of many kinds; that they do is all there is to know. */
function readable(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch {
    return false;
  }
}
