import { z } from 'zod';

import type { ConnectorDef } from '#connectors/contract.ts';
import { SEARCH, setting } from '#connectors/kit/http-call.ts';
import { httpOperations } from '#connectors/kit/http-operations.ts';
import { notionMark } from './mark.ts';
import { pageOperations } from './pages.ts';
import { notionPages } from './paging.ts';
import { notionTriggers } from './triggers.ts';

const facts = {
  id: 'notion',
  label: 'Notion',
  icon: 'plug',
  alsoTakes: ['bearer_token'],
  http: {
    headers: { 'notion-version': '2025-09-03' },
    failures: {
      code: ['/code'],
      message: ['/message'],
      known: {
        rate_limited: { kind: 'throttled', waitSeconds: 1 },
        conflict_error: { kind: 'transient' },
        object_not_found: {
          says: 'There is no such page or table, or the connection has no access: in Notion, open it, choose ••• and Connections.',
        },
      },
    },
  },
} as const;

/** Tokens are asked for with a JSON body and basic authentication; some answers have `refresh_token: null`. */
export const notion: ConnectorDef = {
  ...facts,
  summary: 'Pages and tables of a Notion workspace.',
  category: 'app',
  mark: notionMark,
  connection: z.strictObject({}),
  oauth: {
    grant: 'authorization_code',
    authorizeUrl: 'https://api.notion.com/v1/oauth/authorize',
    tokenUrl: 'https://api.notion.com/v1/oauth/token',
    revokeUrl: 'https://api.notion.com/v1/oauth/revoke',
    scopes: [],
    authorizeParameters: { owner: 'user' },
    tokenBody: 'json',
    clientAuth: 'basic',
    pkce: false,
    isRotating: true,
    keep: { workspaceId: '/workspace_id' },
    setup: {
      url: 'https://www.notion.so/profile/integrations',
      steps: [
        'On Notion’s integrations page choose New integration, give it a name, and make it a public one: only those have consent.',
        'Under Capabilities, let it read, update and insert content, and read and insert comments. Add the callback URL shown here as redirect URI.',
        'Copy the OAuth client id and the client secret into this form.',
        'An internal integration needs none of this: use its secret with a connection of the kind Bearer token.',
      ],
    },
  },
  callAuth: { kind: 'bearer', field: 'accessToken' },
  baseUrl: 'https://api.notion.com',
  account: {
    url: 'https://api.notion.com/v1/users/me',
    headers: facts.http.headers,
    id: '/id',
    label: '/bot/workspace_name',
  },
  proof: 'vendor_sdk',
  optionLoaders: {
    pages: {
      call: {
        ...notionPages('/v1/search'),
        body: { query: setting(SEARCH), filter: { property: 'object', value: 'page' } },
      },
      value: '/id',
      label: '/properties/*/title/*/plain_text',
    },
    dataSources: {
      call: {
        ...notionPages('/v1/search'),
        body: { query: setting(SEARCH), filter: { property: 'object', value: 'data_source' } },
      },
      value: '/id',
      label: '/title/*/plain_text',
    },
  },
  operations: [...notionTriggers, ...httpOperations(facts, pageOperations)],
};
