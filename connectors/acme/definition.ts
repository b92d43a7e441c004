import { z } from 'zod';

import type { ConnectorDef } from '#connectors/contract.ts';
import { acmeTriggers } from './triggers.ts';

/** The sandbox app that comes with Patchbay: a small CRM with real OAuth, to try everything on. */
export const acme: ConnectorDef = {
  id: 'acme',
  label: 'Acme',
  summary: 'The sandbox app: a small CRM that comes with Patchbay, to try things on.',
  icon: 'plug',
  category: 'app',
  http: { honoursKeys: true, failures: { code: ['/error/code'], message: ['/error/message'] } },
  connection: z.strictObject({}),
  oauth: {
    grant: 'authorization_code',
    authorizeUrl: '{sandbox}/oauth/authorize',
    tokenUrl: '{sandbox}/oauth/token',
    revokeUrl: '{sandbox}/oauth/revoke',
    issuer: '{sandbox}',
    scopes: [
      { id: 'contacts:read', says: 'See contacts' },
      { id: 'contacts:write', says: 'Add and change contacts' },
      { id: 'deals:read', says: 'See deals and pipelines' },
      { id: 'deals:write', says: 'Add and change deals' },
      { id: 'webhooks:manage', says: 'Be told when contacts or deals change' },
      { id: 'offline_access', says: 'Stay connected while you are away' },
    ],
    clientAuth: 'basic',
    isRotating: true,
  },
  callAuth: { kind: 'bearer', field: 'accessToken' },
  baseUrl: '{sandbox}/api/v1',
  account: { url: '{sandbox}/api/v1/me', id: '/id', label: '/name' },
  proof: 'vendor_specification',
  operations: acmeTriggers,
};
