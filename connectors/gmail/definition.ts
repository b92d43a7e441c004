import { z } from 'zod';

import type { ConnectorDef } from '#connectors/contract.ts';
import { gmailTriggers } from './triggers.ts';

export const gmail: ConnectorDef = {
  id: 'gmail',
  label: 'Gmail',
  summary: 'Emails that arrive in a Gmail account.',
  icon: 'plug',
  category: 'app',
  http: { failures: { code: ['/error/errors/0/reason', '/error/status'], message: ['/error/message'] } },
  connection: z.strictObject({}),
  oauth: {
    grant: 'authorization_code',
    authorizeUrl: 'https://accounts.google.com/o/oauth2/v2/auth',
    tokenUrl: 'https://oauth2.googleapis.com/token',
    revokeUrl: 'https://oauth2.googleapis.com/revoke',
    scopes: [
      { id: 'openid', says: 'Know your account again' },
      { id: 'email', says: 'See your email address' },
      { id: 'https://www.googleapis.com/auth/gmail.modify', says: 'Read, label and send your emails' },
    ],
    authorizeParameters: { access_type: 'offline', prompt: 'consent' },
  },
  callAuth: { kind: 'bearer', field: 'accessToken' },
  baseUrl: 'https://gmail.googleapis.com',
  hosts: ['openidconnect.googleapis.com', 'www.googleapis.com'],
  account: { url: 'https://openidconnect.googleapis.com/v1/userinfo', id: '/sub', label: '/email' },
  operations: gmailTriggers,
};
