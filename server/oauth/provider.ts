import type { OAuthDef } from '#connectors/contract.ts';
import { findConnector } from '#connectors/definitions.ts';
import { fillUrl } from '#connectors/url-template.ts';
import type { Transaction } from '#server/db/transaction.ts';
import { env } from '#server/env.ts';
import { findClient, type OAuthClient } from '#server/oauth/find-client.ts';

/** Where and how the tokens of one connection are asked for: its connector's facts, with everything filled in. */
export interface Provider {
  readonly connector: string;
  /** What people call it. */
  readonly label: string;
  readonly facts: OAuthDef;
  readonly client: OAuthClient;
  /** Empty for a grant without consent. */
  readonly authorizeUrl: string;
  readonly tokenUrl: string;
  /** Null where the provider takes nothing back. */
  readonly revokeUrl: string | null;
  readonly issuer: string | null;
  readonly scopes: readonly string[];
}

/** Why a connection cannot ask for tokens: somebody has to set something up first. */
export class ProviderUnready extends Error {
  override name = 'ProviderUnready';
  readonly code: 'no_oauth' | 'no_client' | 'no_address';

  constructor(code: ProviderUnready['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/** The provider of a connection with these fields. Throws `ProviderUnready`. */
export async function findProvider(
  tx: Transaction,
  connection: {
    readonly workspaceId: string;
    readonly connector: string;
    readonly fields: Readonly<Record<string, string>>;
  },
): Promise<Provider> {
  const { connector: id, fields } = connection;
  const connector = findConnector(id);
  const facts = connector?.oauth;
  if (!connector || !facts)
    throw new ProviderUnready('no_oauth', `A connection of the kind "${id}" needs no consent.`);
  const { label } = connector;
  const client = await findClient(tx, { ...connection, facts });
  if (!client) {
    const message = `There is no OAuth app for ${label} in this workspace. An admin adds one under Connections, OAuth apps.`;
    throw new ProviderUnready('no_client', message);
  }
  const filled = (name: string, template: string | undefined): string | null => {
    if (template === undefined) return null;
    const url = fillUrl(template, fields, env().PATCHBAY_SANDBOX_URL);
    if (url !== null) return url;
    throw new ProviderUnready(
      'no_address',
      `The ${name} of ${label} is not known: check the connection's fields.`,
    );
  };
  return {
    connector: id,
    label,
    facts: withClientAuth(facts, fields),
    client,
    authorizeUrl: filled('consent screen', facts.authorizeUrl) ?? '',
    tokenUrl: filled('token address', facts.tokenUrl) ?? '',
    revokeUrl: fillOptional(facts.revokeUrl, fields),
    issuer: fillOptional(facts.issuer, fields),
    scopes: scopesOf(facts, fields),
  };
}

/** What a provider may do without: null where its field is empty. */
function fillOptional(template: string | undefined, fields: Readonly<Record<string, string>>): string | null {
  return template === undefined ? null : fillUrl(template, fields, env().PATCHBAY_SANDBOX_URL);
}

function withClientAuth(facts: OAuthDef, fields: Readonly<Record<string, string>>): OAuthDef {
  const chosen = facts.clientAuthField === undefined ? undefined : fields[facts.clientAuthField];
  return chosen === 'basic' || chosen === 'body' ? { ...facts, clientAuth: chosen } : facts;
}

/** What is asked for at consent. */
export function scopesOf(
  { scopes, scopesField }: OAuthDef,
  fields: Readonly<Record<string, string>>,
): string[] {
  if (scopesField === undefined) return scopes.map(({ id }) => id);
  return (fields[scopesField] ?? '').split(/[\s,]+/).filter((scope) => scope !== '');
}
