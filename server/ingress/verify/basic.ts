import { onlyHeader } from '#server/ingress/read-headers.ts';
import { safeEqualSecret } from '#server/ingress/verify/safe-equal.ts';
import { currentSecrets, type Verify } from '#server/ingress/verify/verification.ts';

/** `Authorization: Basic …` against a `basic_auth` connection, or against `user:password` in a signing secret. */
export const verifyBasic: Verify = ({ headers, fields }) => {
  const [, encoded] =
    /^basic ([A-Za-z0-9+/]+={0,2})$/i.exec(onlyHeader(headers, 'authorization') ?? '') ?? [];
  if (encoded === undefined) return false;
  const given = Buffer.from(encoded, 'base64').toString('utf8');
  return credentials(fields).some((expected) => safeEqualSecret(given, expected));
};

function credentials(fields: Readonly<Record<string, string>>): readonly string[] {
  const { username, password } = fields;
  return username && password ? [`${username}:${password}`] : currentSecrets(fields);
}
