import { z } from 'zod';

import type { ConnectorDef } from '#connectors/contract.ts';
import { jiraTriggers } from './triggers.ts';

/** Refresh tokens work once each: one that is used twice ends the grant. */
export const jira: ConnectorDef = {
  id: 'jira',
  label: 'Jira',
  summary: 'What happens to issues of Jira Cloud.',
  icon: 'plug',
  category: 'app',
  http: { failures: { code: ['/code'], message: ['/errorMessages/*', '/errors/*', '/message'] } },
  connection: z.strictObject({}),
  oauth: {
    grant: 'authorization_code',
    authorizeUrl: 'https://auth.atlassian.com/authorize',
    tokenUrl: 'https://auth.atlassian.com/oauth/token',
    scopes: [
      { id: 'read:jira-work', says: 'See projects and issues' },
      { id: 'manage:jira-webhook', says: 'Be told when issues change' },
      { id: 'read:me', says: 'See who you are' },
      { id: 'offline_access', says: 'Stay connected while you are away' },
    ],
    authorizeParameters: { audience: 'api.atlassian.com', prompt: 'consent' },
    tokenBody: 'json',
    pkce: false,
    isRotating: true,
  },
  callAuth: { kind: 'bearer', field: 'accessToken' },
  baseUrl: 'https://api.atlassian.com',
  account: { url: 'https://api.atlassian.com/me', id: '/account_id', label: '/email' },
  operations: jiraTriggers,
};
