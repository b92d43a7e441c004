import { z } from 'zod';

import type { ConnectorDef } from '#connectors/contract.ts';
import { httpOperations } from '#connectors/kit/http-operations.ts';
import { salesforceMark } from './mark.ts';
import { recordOperations } from './records.ts';

const facts = {
  id: 'salesforce',
  label: 'Salesforce',
  icon: 'plug',
  http: {
    failures: {
      code: ['/0/errorCode'],
      message: ['/*/message'],
      known: {
        REQUEST_LIMIT_EXCEEDED: {
          kind: 'throttled',
          waitSeconds: 900,
          says: 'The organisation has used up its calls of 24 hours.',
        },
        UNABLE_TO_LOCK_ROW: { kind: 'transient' },
        SERVER_UNAVAILABLE: { kind: 'transient' },
        INVALID_SESSION_ID: { kind: 'auth' },
      },
    },
  },
} as const;

/** The token's answer says where the organisation is, and not how long the token lives: it is renewed when it is refused. */
export const salesforce: ConnectorDef = {
  ...facts,
  summary: 'Records of a Salesforce organisation: create, update, upsert and query.',
  category: 'app',
  mark: salesforceMark,
  connection: z.strictObject({
    loginUrl: z
      .string()
      .regex(
        /^https:\/\/[\w.-]+\.(salesforce|force)\.com$/,
        'write an address such as https://login.salesforce.com',
      )
      .default('https://login.salesforce.com')
      .meta({
        title: 'Log in at',
        help: 'https://test.salesforce.com for a sandbox, or the address of your own domain.',
        placeholder: 'https://login.salesforce.com',
      }),
  }),
  oauth: {
    grant: 'authorization_code',
    authorizeUrl: '{loginUrl}/services/oauth2/authorize',
    tokenUrl: '{loginUrl}/services/oauth2/token',
    revokeUrl: '{loginUrl}/services/oauth2/revoke',
    scopes: [
      { id: 'api', says: 'Read and change records' },
      { id: 'id', says: 'See who you are' },
      { id: 'refresh_token', says: 'Stay connected while you are away' },
    ],
    keep: { instanceUrl: '/instance_url' },
    setup: {
      url: 'https://help.salesforce.com/s/articleView?id=xcloud.create_a_local_external_client_app.htm',
      steps: [
        'In Setup, open External Client App Manager and choose New External Client App.',
        'Enable OAuth, paste the callback URL shown here, and add the scopes api, id and refresh_token.',
        'Keep “Require Proof Key for Code Exchange” on: Patchbay uses it.',
        'Under Settings, OAuth, copy the consumer key as client id and the consumer secret into this form.',
      ],
    },
  },
  callAuth: { kind: 'bearer', field: 'accessToken' },
  baseUrl: '{instanceUrl}/services/data/v62.0',
  account: { url: '{instanceUrl}/services/oauth2/userinfo', id: '/user_id', label: '/preferred_username' },
  proof: 'vendor_sdk',
  optionLoaders: {
    objects: {
      call: { method: 'GET', path: '/sobjects', pick: '/sobjects' },
      value: '/name',
      label: '/label',
    },
  },
  operations: httpOperations(facts, recordOperations),
};
