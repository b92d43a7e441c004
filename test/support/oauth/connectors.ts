/**
 * Connectors of an app that does not exist, whose accounts are at a provider of the tests (`provider.ts`). Importing this makes the
 * process know them, as `node --import` does for a worker.
 */
import { z } from 'zod';

import type { ConnectorDef } from '#connectors/contract.ts';
import { CONNECTORS } from '#connectors/definitions.ts';

const shared = {
  summary: 'An app of the tests.',
  icon: 'plug',
  category: 'app',
  connection: z.strictObject({
    issuer: z.string(),
    api: z.string(),
    clientId: z.string(),
    clientSecret: z.string().meta({ secret: true }),
  }),
  callAuth: { kind: 'bearer', field: 'accessToken' },
  baseUrl: '{api}',
  operations: [],
} as const satisfies Partial<ConnectorDef>;

const facts = {
  tokenUrl: '{issuer}/token',
  scopes: [{ id: 'api', says: 'Use the app' }],
  clientFields: { id: 'clientId', secret: 'clientSecret' },
} as const;

/** Its refresh tokens work once. Its API may refuse a token with status 200. */
const twin: ConnectorDef = {
  ...shared,
  id: 'twin',
  label: 'Twin',
  oauth: {
    ...facts,
    grant: 'authorization_code',
    authorizeUrl: '{issuer}/auth',
    isRotating: true,
    isTokenRefused: { at: '/error', words: ['token_expired'] },
  },
  account: { url: '{api}/api/me', id: '/id', label: '/name' },
};

/** It needs nobody's consent. */
const twinMachine: ConnectorDef = {
  ...shared,
  id: 'twin_machine',
  label: 'Twin for machines',
  oauth: { ...facts, grant: 'client_credentials' },
};

/** The list is one of the product's own, which nothing else adds to. */
(CONNECTORS as ConnectorDef[]).push(twin, twinMachine);
