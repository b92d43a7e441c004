import { z } from 'zod';

import type { ConnectorDef } from '#connectors/contract.ts';
import { GOOGLE_ACCOUNT, GOOGLE_HOSTS, googleFailures, googleOAuth } from '#connectors/google/oauth.ts';
import { httpOperations } from '#connectors/kit/http-operations.ts';
import { gmailMark } from './mark.ts';
import { messageOperations } from './messages.ts';
import { gmailTriggers } from './triggers.ts';

const facts = { id: 'gmail', label: 'Gmail', icon: 'plug', http: { failures: googleFailures } } as const;

/** Its scope is a restricted one: an app for others than oneself has to be verified by Google. */
export const gmail: ConnectorDef = {
  ...facts,
  summary: 'Emails of a Gmail account: send, answer, search, read and label.',
  category: 'app',
  mark: gmailMark,
  connection: z.strictObject({}),
  oauth: googleOAuth(
    [{ id: 'https://www.googleapis.com/auth/gmail.modify', says: 'Read, label and send your emails' }],
    'Gmail API',
  ),
  callAuth: { kind: 'bearer', field: 'accessToken' },
  baseUrl: 'https://gmail.googleapis.com',
  hosts: GOOGLE_HOSTS,
  account: GOOGLE_ACCOUNT,
  proof: 'vendor_specification',
  optionLoaders: {
    labels: {
      call: { method: 'GET', path: '/gmail/v1/users/me/labels', pick: '/labels' },
      value: '/id',
      label: '/name',
    },
  },
  operations: [...gmailTriggers, ...httpOperations(facts, messageOperations)],
};
