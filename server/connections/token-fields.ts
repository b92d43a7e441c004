import { findConnector } from '#connectors/definitions.ts';

type Fields = Readonly<Record<string, string>>;

/** Fields that hold tokens, whatever the connector. No connector may have fields of its own of these names. */
export const TOKEN_FIELDS = ['accessToken', 'refreshToken'] as const;

/** The fields of a connector's connections that a provider gives: tokens, and what came with them. Nobody types them, and no list names them. */
export function givenFields(connector: string): ReadonlySet<string> {
  return new Set([...TOKEN_FIELDS, ...Object.keys(findConnector(connector)?.oauth?.keep ?? {})]);
}

/** The fields that people set. */
export function withoutTokens(connector: string, fields: Fields): Record<string, string> {
  const given = givenFields(connector);
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !given.has(name)));
}

/** The fields that a provider gave. */
export function tokensOf(connector: string, fields: Fields): Record<string, string> {
  const given = givenFields(connector);
  return Object.fromEntries(Object.entries(fields).filter(([name]) => given.has(name)));
}
