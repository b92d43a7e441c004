import { z } from 'zod';

import type { ConnectorDef } from '#connectors/contract.ts';
import { notionTriggers } from './triggers.ts';

export const notion: ConnectorDef = {
  id: 'notion',
  label: 'Notion',
  summary: 'What happens to pages of Notion.',
  icon: 'plug',
  category: 'app',
  connection: z.strictObject({}),
  oauth: {
    grant: 'authorization_code',
    authorizeUrl: 'https://api.notion.com/v1/oauth/authorize',
    tokenUrl: 'https://api.notion.com/v1/oauth/token',
    scopes: [],
    authorizeParameters: { owner: 'user' },
    tokenBody: 'json',
    clientAuth: 'basic',
    pkce: false,
  },
  callAuth: { kind: 'bearer', field: 'accessToken' },
  baseUrl: 'https://api.notion.com',
  account: {
    url: 'https://api.notion.com/v1/users/me',
    headers: { 'notion-version': '2025-09-03' },
    id: '/id',
    label: '/name',
  },
  operations: notionTriggers,
};
