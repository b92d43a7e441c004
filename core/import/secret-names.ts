import type { Hint } from './hint.ts';

const SECRET_NAME =
  /(?:^|[-_.])(?:api[-_]?key|apikey|key|token|secret|password|passwd|auth|auth[-_]?key|access[-_]?token|subscription[-_]?key|session|sessionid|signature|csrf|xsrf)$|^authorization$|(?:api|access|auth|secret|private)[-_]?(?:key|token)$/i;

/** True for the name of a header, parameter or field that mostly holds a secret: `X-Api-Key`, `access_token`. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

const KINDS = {
  bearer_token: 'a connection of the kind “Bearer token”',
  basic_auth: 'a connection of the kind “User name and password”',
  api_key: 'a connection of the kind “API key”',
  mtls: 'a connection of the kind “Client certificate”',
  oauth2: 'a connection of the kind “OAuth 2.0 API”',
} as const;

/** Asks for a connection in place of a secret, which is not kept. `name`: the header or parameter that carries it. */
export function connectionHint(place: string, kind: keyof typeof KINDS, name?: string): Hint {
  const carrying = name === undefined ? '' : ` for ${name}`;
  return {
    kind: 'do',
    place,
    why: 'It shows who calls. Secrets are kept in connections, not in flows, so it was left out.',
    remedy: `Make ${KINDS[kind]}${carrying} and choose it in this node.`,
  };
}
