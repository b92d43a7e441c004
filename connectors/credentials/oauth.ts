import { z } from 'zod';

import type { ConnectorDef, OAuthDef } from '#connectors/contract.ts';

const address = (title: string, help?: string) =>
  z
    .string()
    .regex(/^https?:\/\/[^\s/?#@]+([/?#]\S*)?$/i, 'write a URL that starts with https://')
    .meta({ title, ...(help !== undefined && { help }), placeholder: 'https://' });

const shared = {
  baseUrl: address('API address', 'The token is sent to this host alone.'),
  tokenUrl: address('Token URL'),
  clientId: z.string().min(1).meta({ title: 'Client id' }),
  clientSecret: z
    .string()
    .optional()
    .meta({ title: 'Client secret', help: 'Empty for a public client.', secret: true }),
  scopes: z
    .string()
    .optional()
    .meta({ title: 'Scopes', help: 'Separated by spaces.', placeholder: 'read write' }),
  clientAuth: z.enum(['body', 'basic']).default('body').meta({
    title: 'How the client shows its secret',
    help: 'In the body of the request, or by basic authentication.',
    advanced: true,
  }),
};

const facts = {
  tokenUrl: '{tokenUrl}',
  scopes: [],
  scopesField: 'scopes',
  clientFields: { id: 'clientId', secret: 'clientSecret' },
  clientAuthField: 'clientAuth',
} as const satisfies Partial<OAuthDef>;

/** Any provider with a consent screen: its addresses and the client are fields of the connection. */
export const oauth2: ConnectorDef = {
  id: 'oauth2',
  label: 'OAuth 2.0 API',
  summary: 'Any API whose accounts are connected through a consent screen.',
  icon: 'key-round',
  category: 'credential',
  connection: z.strictObject({
    authorizeUrl: address('Consent screen', 'The authorization endpoint of the provider.'),
    ...shared,
    revokeUrl: address('Revocation URL').optional().meta({ title: 'Revocation URL', advanced: true }),
    issuer: address('Issuer').optional().meta({
      title: 'Issuer',
      help: 'What “iss” in the answer must be. Leave it empty where the provider sends none.',
      advanced: true,
    }),
  }),
  oauth: {
    ...facts,
    grant: 'authorization_code',
    authorizeUrl: '{authorizeUrl}',
    revokeUrl: '{revokeUrl}',
    issuer: '{issuer}',
    requiresIssuer: true,
  },
  callAuth: { kind: 'bearer', field: 'accessToken' },
  baseUrl: '{baseUrl}',
  operations: [],
};

/** A client that has access of its own: nobody consents. */
export const oauth2Client: ConnectorDef = {
  id: 'oauth2_client',
  label: 'OAuth 2.0 client',
  summary: 'Any API whose tokens are given to a client alone (client credentials).',
  icon: 'key-square',
  category: 'credential',
  connection: z.strictObject(shared),
  oauth: { ...facts, grant: 'client_credentials' },
  callAuth: { kind: 'bearer', field: 'accessToken' },
  baseUrl: '{baseUrl}',
  operations: [],
};
