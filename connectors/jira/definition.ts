import { z } from 'zod';

import type { ConnectorDef } from '#connectors/contract.ts';
import { httpOperations } from '#connectors/kit/http-operations.ts';
import { issueOperations } from './issues.ts';
import { jiraMark } from './mark.ts';
import { jiraLoaders } from './option-loaders.ts';
import { jiraTriggers } from './triggers.ts';

const facts = {
  id: 'jira',
  label: 'Jira',
  icon: 'plug',
  http: {
    failures: {
      code: ['/code'],
      message: ['/errorMessages/*', '/errors/*', '/message'],
      known: {
        '404': {
          says: 'There is no such issue, project or site, or the account may not see it.',
        },
      },
    },
  },
} as const;

/** Refresh tokens work once each: one that is used twice ends the grant. */
export const jira: ConnectorDef = {
  ...facts,
  summary: 'Issues of Jira Cloud: create, change, search, comment, move and assign.',
  category: 'app',
  mark: jiraMark,
  connection: z.strictObject({}),
  oauth: {
    grant: 'authorization_code',
    authorizeUrl: 'https://auth.atlassian.com/authorize',
    tokenUrl: 'https://auth.atlassian.com/oauth/token',
    scopes: [
      { id: 'read:jira-work', says: 'See projects and issues' },
      { id: 'write:jira-work', says: 'Create and change issues' },
      { id: 'manage:jira-webhook', says: 'Be told when issues change' },
      { id: 'read:jira-user', says: 'See who can be assigned' },
      { id: 'read:me', says: 'See who you are' },
      { id: 'offline_access', says: 'Stay connected while you are away' },
    ],
    authorizeParameters: { audience: 'api.atlassian.com', prompt: 'consent' },
    tokenBody: 'json',
    pkce: false,
    isRotating: true,
    setup: {
      url: 'https://developer.atlassian.com/console/myapps/',
      steps: [
        'In the Atlassian developer console choose Create, OAuth 2.0 integration, and name it.',
        'Under Permissions, add the Jira API with its classic scopes read:jira-work, write:jira-work, read:jira-user and manage:jira-webhook, and the User identity API with read:me.',
        'Under Authorization, configure OAuth 2.0 (3LO) with the callback URL shown here.',
        'Under Settings, copy the client id and the secret into this form. For others than yourself, share the app under Distribution.',
      ],
    },
  },
  callAuth: { kind: 'bearer', field: 'accessToken' },
  baseUrl: 'https://api.atlassian.com',
  account: { url: 'https://api.atlassian.com/me', id: '/account_id', label: '/email' },
  proof: 'vendor_specification',
  optionLoaders: jiraLoaders,
  operations: [...jiraTriggers, ...httpOperations(facts, issueOperations)],
};
