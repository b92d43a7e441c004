import { findConnector } from '#connectors/definitions.ts';

/**
 * The fields of a connector's connections that decide whose tokens theirs are and where they are sent: the client, and every field in
 * an address. When one changes, tokens that somebody granted for the old place must not go to the new one.
 */
export function placeFields(connector: string): ReadonlySet<string> {
  const { oauth, baseUrl, account } = findConnector(connector) ?? {};
  if (!oauth) return new Set();
  const { authorizeUrl, tokenUrl, revokeUrl, clientFields, grant, scopesField } = oauth;
  const templates = [authorizeUrl, tokenUrl, revokeUrl, baseUrl, account?.url].filter(
    (url) => url !== undefined,
  );
  const named = templates.flatMap((template) =>
    [...template.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name),
  );
  // Without consent, other scopes are another token: it only has to be asked for.
  const scopes = grant === 'client_credentials' && scopesField !== undefined ? [scopesField] : [];
  return new Set([...named, ...scopes, ...(clientFields ? [clientFields.id] : [])]);
}

/** Whether tokens that were given for these fields are good for those. */
export function isSamePlace(
  connector: string,
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): boolean {
  return [...placeFields(connector)].every((name) => (before[name] ?? '') === (after[name] ?? ''));
}
