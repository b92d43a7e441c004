import { randomBytes } from 'node:crypto';

import type { ConnectorDef } from '#connectors/contract.ts';
import type { Canaries } from './canaries.ts';
import { APP_KINDS } from './secret-fields.ts';

/** A connection of a vendor's kind, as somebody makes it. */
export interface AppAccount {
  readonly slug: string;
  readonly kind: ConnectorDef;
  readonly fields: Readonly<Record<string, string>>;
}

/** The client of a kind; its id says which kind it is. */
export const clientIdOf = ({ id }: ConnectorDef) => `client-of-${id}`;

/** One of every kind; those with consent have no token yet. */
export function appAccounts(canaries: Canaries, vendorUrl: string): readonly AppAccount[] {
  return APP_KINDS.map((kind) => ({
    slug: kind.id.replace('_', '-'),
    kind,
    fields: fieldsOf(canaries, kind, vendorUrl),
  }));
}

function fieldsOf(canaries: Canaries, kind: ConnectorDef, vendorUrl: string): Record<string, string> {
  switch (kind.id) {
    case 'oauth2':
    case 'oauth2_client': {
      const places = {
        baseUrl: vendorUrl,
        tokenUrl: `${vendorUrl}/token`,
        clientId: clientIdOf(kind),
        clientSecret: canaries.makeText(`${kind.id}.clientSecret`),
        scopes: 'read write',
      };
      if (kind.id === 'oauth2_client') return { ...places, clientAuth: 'basic' };
      return { ...places, authorizeUrl: `${vendorUrl}/authorize`, revokeUrl: `${vendorUrl}/revoke` };
    }
    case 'stripe':
      return { secretKey: canaries.add('stripe.secretKey', `rk_test_${randomBytes(16).toString('hex')}`) };
    default:
      return {};
  }
}
