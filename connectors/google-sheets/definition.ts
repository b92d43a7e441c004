import { z } from 'zod';

import type { ConnectorDef } from '#connectors/contract.ts';
import { googleSheetsTriggers } from './triggers.ts';

export const googleSheets: ConnectorDef = {
  id: 'google_sheets',
  label: 'Google Sheets',
  summary: 'Rows that people write into Google spreadsheets.',
  icon: 'plug',
  category: 'app',
  http: { failures: { code: ['/error/status'], message: ['/error/message'] } },
  connection: z.strictObject({}),
  oauth: {
    grant: 'authorization_code',
    authorizeUrl: 'https://accounts.google.com/o/oauth2/v2/auth',
    tokenUrl: 'https://oauth2.googleapis.com/token',
    revokeUrl: 'https://oauth2.googleapis.com/revoke',
    scopes: [
      { id: 'openid', says: 'Know your account again' },
      { id: 'email', says: 'See your email address' },
      { id: 'https://www.googleapis.com/auth/spreadsheets', says: 'Read and change your spreadsheets' },
    ],
    authorizeParameters: { access_type: 'offline', prompt: 'consent' },
  },
  callAuth: { kind: 'bearer', field: 'accessToken' },
  baseUrl: 'https://sheets.googleapis.com',
  hosts: ['openidconnect.googleapis.com', 'www.googleapis.com'],
  account: { url: 'https://openidconnect.googleapis.com/v1/userinfo', id: '/sub', label: '/email' },
  operations: googleSheetsTriggers,
};
