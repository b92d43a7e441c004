import { z } from 'zod';

import type { ConnectorDef } from '#connectors/contract.ts';
import { httpOperations } from '#connectors/kit/http-operations.ts';
import { REFUSALS, slackFailures } from './failures.ts';
import { slackMark } from './mark.ts';
import { messageOperations } from './messages.ts';
import { slackPages } from './pages.ts';
import { workspaceOperations } from './workspace.ts';
import { slackTriggers } from './triggers.ts';

const facts = {
  id: 'slack',
  label: 'Slack',
  icon: 'plug',
  alsoTakes: ['bearer_token'],
  http: { failures: slackFailures },
} as const;

/** The bot's token stands in the answer itself; scopes are separated by commas; no PKCE for apps with a secret. */
export const slack: ConnectorDef = {
  ...facts,
  summary: 'Messages, reactions, channels and people of a Slack workspace.',
  category: 'app',
  mark: slackMark,
  connection: z.strictObject({}),
  oauth: {
    grant: 'authorization_code',
    authorizeUrl: 'https://slack.com/oauth/v2/authorize',
    tokenUrl: 'https://slack.com/api/oauth.v2.access',
    scopes: [
      { id: 'chat:write', says: 'Post messages as the app' },
      { id: 'chat:write.public', says: 'Post to public channels without being invited' },
      { id: 'channels:read', says: 'See public channels' },
      { id: 'groups:read', says: 'See private channels that the app was invited to' },
      { id: 'channels:manage', says: 'Create public channels' },
      { id: 'groups:write', says: 'Create private channels' },
      { id: 'reactions:write', says: 'Add reactions' },
      { id: 'channels:history', says: 'Read messages of public channels that the app is in' },
      { id: 'groups:history', says: 'Read messages of private channels that the app is in' },
      { id: 'app_mentions:read', says: 'See messages that mention the app' },
      { id: 'reactions:read', says: 'See reactions' },
      { id: 'users:read', says: 'See the members of the workspace' },
      { id: 'users:read.email', says: 'See their email addresses' },
    ],
    scopeSeparator: ',',
    pkce: false,
    isRotating: true,
    isTokenRefused: { at: '/error', words: REFUSALS },
    keep: { teamId: '/team/id' },
    setup: {
      url: 'https://api.slack.com/apps?new_app=1',
      steps: [
        'At api.slack.com/apps choose Create New App, From scratch; name it and pick your workspace.',
        'Under OAuth & Permissions, add the callback URL shown here to the Redirect URLs, and save.',
        'Under Basic Information, copy the client id and the client secret into this form. The scopes are asked for when you connect.',
      ],
    },
  },
  callAuth: { kind: 'bearer', field: 'accessToken' },
  baseUrl: 'https://slack.com/api',
  account: { url: 'https://slack.com/api/auth.test', id: '/user_id', label: '/team' },
  proof: 'vendor_specification',
  optionLoaders: {
    channels: {
      call: {
        ...slackPages('/conversations.list', '/channels'),
        query: { types: 'public_channel,private_channel', exclude_archived: true },
      },
      value: '/id',
      label: '/name',
    },
    users: { call: slackPages('/users.list', '/members'), value: '/id', label: '/real_name', hint: '/name' },
  },
  operations: [...slackTriggers, ...httpOperations(facts, [...messageOperations, ...workspaceOperations])],
};
