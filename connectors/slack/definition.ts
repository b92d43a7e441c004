import { z } from 'zod';

import type { ConnectorDef } from '#connectors/contract.ts';
import { slackTriggers } from './triggers.ts';

export const slack: ConnectorDef = {
  id: 'slack',
  label: 'Slack',
  summary: 'What happens in channels of Slack.',
  icon: 'plug',
  category: 'app',
  connection: z.strictObject({}),
  oauth: {
    grant: 'authorization_code',
    authorizeUrl: 'https://slack.com/oauth/v2/authorize',
    tokenUrl: 'https://slack.com/api/oauth.v2.access',
    scopes: [
      { id: 'channels:history', says: 'Read messages of public channels that the app is in' },
      { id: 'groups:history', says: 'Read messages of private channels that the app is in' },
      { id: 'app_mentions:read', says: 'See messages that mention the app' },
      { id: 'reactions:read', says: 'See reactions' },
    ],
    scopeSeparator: ',',
    pkce: false,
  },
  callAuth: { kind: 'bearer', field: 'accessToken' },
  baseUrl: 'https://slack.com/api',
  account: { url: 'https://slack.com/api/auth.test', id: '/user_id', label: '/team' },
  operations: slackTriggers,
};
