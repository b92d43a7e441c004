import { onlyHeader } from '#server/ingress/read-headers.ts';
import { safeEqualSecret } from '#server/ingress/verify/safe-equal.ts';
import { currentSecrets, type Verify } from '#server/ingress/verify/verification.ts';

/** The secret itself as the value of a header; in `Authorization` also after `Bearer `. */
export function verifyToken(header: string): Verify {
  const name = header.toLowerCase();
  return ({ headers, fields }) => {
    const value = onlyHeader(headers, name);
    if (value === undefined) return false;
    const given = name === 'authorization' ? value.replace(/^bearer /i, '') : value;
    return currentSecrets(fields).some(
      (secret) => safeEqualSecret(given, secret) || safeEqualSecret(value, secret),
    );
  };
}
