import { z } from 'zod';

import type { ConnectorDef } from '#connectors/contract.ts';
import { httpOperations } from '#connectors/kit/http-operations.ts';
import { mailOperations } from './mail.ts';
import { microsoftMark } from './mark.ts';
import { graphPages } from './paging.ts';
import { workOperations } from './work.ts';

const facts = {
  id: 'microsoft',
  label: 'Microsoft 365',
  icon: 'plug',
  http: {
    failures: {
      code: ['/error/code'],
      message: ['/error/message'],
      known: {
        TooManyRequests: { kind: 'throttled', waitSeconds: 10 },
        ApplicationThrottled: { kind: 'throttled', waitSeconds: 10 },
        InvalidAuthenticationToken: { kind: 'auth' },
        ErrorAccessDenied: {
          says: 'The connection lacks a permission: connect the account again, or let an admin of the directory consent.',
        },
      },
    },
  },
} as const;

/** Refresh tokens are replaced with each use, and the one before works on for a while. */
export const microsoft: ConnectorDef = {
  ...facts,
  summary: 'Outlook, Teams and Excel of a Microsoft 365 account.',
  category: 'app',
  mark: microsoftMark,
  connection: z.strictObject({
    tenant: z
      .string()
      .regex(/^[\w.-]+$/, 'write the id or the domain of a directory, or common')
      .default('common')
      .meta({
        title: 'Directory',
        help: 'The id or a domain of the tenant that the OAuth app belongs to; common for an app that is open to all.',
        placeholder: 'contoso.onmicrosoft.com',
      }),
  }),
  oauth: {
    grant: 'authorization_code',
    authorizeUrl: 'https://login.microsoftonline.com/{tenant}/oauth2/v2.0/authorize',
    tokenUrl: 'https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token',
    scopes: [
      { id: 'offline_access', says: 'Stay connected while you are away' },
      { id: 'User.Read', says: 'See who you are' },
      { id: 'Mail.ReadWrite', says: 'Read your emails' },
      { id: 'Mail.Send', says: 'Send emails as you' },
      { id: 'Calendars.ReadWrite', says: 'Read and change your calendar' },
      { id: 'Team.ReadBasic.All', says: 'See the teams that you are in' },
      { id: 'Channel.ReadBasic.All', says: 'See their channels' },
      { id: 'ChannelMessage.Send', says: 'Post to channels as you' },
      { id: 'Files.ReadWrite', says: 'Read and change your files' },
    ],
    setup: {
      url: 'https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps/ApplicationsListBlade',
      steps: [
        'In the Microsoft Entra admin center open App registrations and choose New registration.',
        'As redirect URI choose Web and paste the callback URL shown here.',
        'Under API permissions, add the delegated permissions of Microsoft Graph that are listed here. Some directories want an admin to consent.',
        'Under Certificates & secrets, add a client secret. Copy its value, and the application id of the overview, into this form.',
      ],
    },
  },
  callAuth: { kind: 'bearer', field: 'accessToken' },
  baseUrl: 'https://graph.microsoft.com/v1.0',
  account: { url: 'https://graph.microsoft.com/v1.0/me', id: '/id', label: '/userPrincipalName' },
  proof: 'vendor_specification',
  optionLoaders: {
    teams: {
      call: { method: 'GET', path: '/me/joinedTeams', pick: '/value' },
      value: '/id',
      label: '/displayName',
    },
    channels: {
      call: { method: 'GET', path: '/teams/{team}/channels', pick: '/value' },
      value: '/id',
      label: '/displayName',
    },
    drives: { call: graphPages('/me/drives'), value: '/id', label: '/name' },
    tables: {
      call: { method: 'GET', path: '/drives/{drive}/items/{file}/workbook/tables', pick: '/value' },
      value: '/name',
      label: '/name',
    },
  },
  operations: httpOperations(facts, [...mailOperations, ...workOperations]),
};
