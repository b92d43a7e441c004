import { z } from 'zod';

import type { ConnectorDef } from '#connectors/contract.ts';
import { GOOGLE_ACCOUNT, GOOGLE_HOSTS, googleFailures, googleOAuth } from '#connectors/google/oauth.ts';
import { httpOperations } from '#connectors/kit/http-operations.ts';
import { googleSheetsMark } from './mark.ts';
import { rowOperations } from './rows.ts';
import { googleSheetsTriggers } from './triggers.ts';

const facts = {
  id: 'google_sheets',
  label: 'Google Sheets',
  icon: 'plug',
  http: { failures: googleFailures },
} as const;

export const googleSheets: ConnectorDef = {
  ...facts,
  summary: 'Rows and cells of Google spreadsheets.',
  category: 'app',
  mark: googleSheetsMark,
  connection: z.strictObject({}),
  oauth: googleOAuth(
    [
      { id: 'https://www.googleapis.com/auth/spreadsheets', says: 'Read and change your spreadsheets' },
      {
        id: 'https://www.googleapis.com/auth/drive.metadata.readonly',
        says: 'See the names of your files, to choose from',
      },
    ],
    'Google Sheets API and the Google Drive API',
  ),
  callAuth: { kind: 'bearer', field: 'accessToken' },
  baseUrl: 'https://sheets.googleapis.com',
  hosts: GOOGLE_HOSTS,
  account: GOOGLE_ACCOUNT,
  proof: 'vendor_specification',
  optionLoaders: {
    spreadsheets: {
      call: {
        method: 'GET',
        baseUrl: 'https://www.googleapis.com',
        path: '/drive/v3/files',
        query: {
          q: "mimeType='application/vnd.google-apps.spreadsheet' and trashed=false",
          orderBy: 'viewedByMeTime desc',
          fields: 'nextPageToken,files(id,name)',
        },
        pick: '/files',
        paging: {
          kind: 'cursor',
          next: '/nextPageToken',
          name: 'pageToken',
          size: { name: 'pageSize', most: 100 },
        },
      },
      value: '/id',
      label: '/name',
    },
    sheets: {
      call: {
        method: 'GET',
        path: '/v4/spreadsheets/{spreadsheet}',
        query: { fields: 'sheets.properties(title)' },
        pick: '/sheets',
      },
      value: '/properties/title',
      label: '/properties/title',
    },
  },
  operations: [...googleSheetsTriggers, ...httpOperations(facts, rowOperations)],
};
