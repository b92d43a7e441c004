import { z } from 'zod';

import type { ConnectorDef } from '#connectors/contract.ts';
import { httpOperations } from '#connectors/kit/http-operations.ts';
import { contactOperations } from './contacts.ts';
import { dealOperations } from './deals.ts';
import { acmeMark } from './mark.ts';
import { acmeList } from './pages.ts';
import { acmeTriggers } from './triggers.ts';

const facts = {
  id: 'acme',
  label: 'Acme',
  icon: 'plug',
  http: {
    honoursKeys: true,
    failures: { code: ['/error/code'], message: ['/error/message'] },
  },
} as const;

/** The sandbox app that comes with Patchbay: a small CRM with real OAuth, to try everything on. */
export const acme: ConnectorDef = {
  ...facts,
  summary: 'The sandbox app: a small CRM that comes with Patchbay, to try things on.',
  category: 'app',
  mark: acmeMark,
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
    pkce: true,
    isRotating: true,
    setup: {
      url: '{sandbox}',
      steps: [
        'Nothing to set up: the sandbox app knows Patchbay already. Sign in as one of its made-up people.',
      ],
    },
  },
  callAuth: { kind: 'bearer', field: 'accessToken' },
  baseUrl: '{sandbox}/api/v1',
  account: { url: '{sandbox}/api/v1/me', id: '/id', label: '/name' },
  proof: 'vendor_specification',
  optionLoaders: {
    contacts: {
      call: acmeList('/contacts'),
      value: '/id',
      label: '/name',
      hint: '/email',
    },
    deals: {
      call: acmeList('/deals'),
      value: '/id',
      label: '/title',
      hint: '/stage',
    },
    stages: {
      call: { method: 'GET', path: '/pipelines', pick: '/data/*/stages' },
      value: '/id',
      label: '/name',
    },
  },
  operations: [...acmeTriggers, ...httpOperations(facts, [...contactOperations, ...dealOperations])],
};
