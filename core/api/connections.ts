import { z } from 'zod';

import { jsonSchema, slugSchema } from '../flow-document.ts';
import { listSchema, timestampSchema } from './common.ts';

/** So many calls in so many seconds. */
export const rateBudgetSchema = z.strictObject({
  calls: z.int().min(1).max(100_000),
  seconds: z.int().min(1).max(86_400),
});

/** Why a connection does not work. */
const faultSchema = z.object({
  code: z.string(),
  message: z.string().describe('What happened and what to do, in plain words.'),
  at: timestampSchema,
});

/** A connection as it is shown: field names, never field values. */
export const connectionSchema = z.object({
  slug: slugSchema,
  name: z.string(),
  connector: z.string().describe('Connector id, for example `signing_secret`.'),
  fields: z.array(z.string()).describe('Names of the fields that are set.'),
  createdAt: timestampSchema,
  updatedAt: timestampSchema,
  lastUsedAt: timestampSchema.nullable(),
  usedBy: z.array(z.string()).describe('Slugs of the flows whose draft or published version refers to it.'),
  budget: rateBudgetSchema
    .nullable()
    .describe('How many calls leave in how many seconds, over all flows and workers; null for no limit.'),
  status: z
    .enum(['pending', 'ok', 'reconnect'])
    .describe(
      '`pending`: nobody has granted access yet. `reconnect`: it was refused for good. Runs wait while it is not `ok`.',
    ),
  fault: faultSchema.nullable().describe('Why it does not work, or why its last renewal failed.'),
  owner: z
    .object({ name: z.string(), isMe: z.boolean() })
    .nullable()
    .describe('The member whose account it is; null for one of the workspace.'),
  isShared: z.boolean().describe('Whether other members may use it in their flows.'),
  canManage: z.boolean().describe('Whether whoever asks may change, connect and delete it.'),
  account: z.string().nullable().describe('Whose account it is at the app.'),
  scopes: z.array(z.string()).describe('What was granted.'),
  expiresAt: timestampSchema
    .nullable()
    .describe('When its access token ends; null for when it is refused, or never.'),
  refreshDueAt: timestampSchema.nullable().describe('When it is renewed next; null where it cannot be.'),
  refreshedAt: timestampSchema.nullable().describe('When it got its tokens.'),
});
export const connectionListSchema = listSchema(connectionSchema);

export const createConnectionSchema = z.strictObject({
  slug: slugSchema.meta({ examples: ['shop'] }),
  name: z.string().min(1).max(200).optional(),
  connector: z.string().meta({ examples: ['bearer_token'] }),
  fields: z
    .record(z.string(), z.string().max(20_000))
    .default({})
    .meta({ examples: [{ token: 'the secret' }] }),
  budget: rateBudgetSchema.nullable().optional().describe('Its rate budget; null or absent for none.'),
  owner: z
    .enum(['workspace', 'me'])
    .optional()
    .describe('Whose it is. Default: yours where the connector has a consent screen, else the workspace’s.'),
  isShared: z.boolean().optional().describe('Whether others may use one that is yours. Default true.'),
});
export const patchConnectionSchema = z.strictObject({
  name: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .meta({ examples: ['Shop'] }),
  fields: z
    .record(z.string(), z.string().max(20_000).nullable())
    .optional()
    .describe('Fields to replace; null removes one. Others stay as they are.'),
  budget: rateBudgetSchema.nullable().optional().describe('Its rate budget; null takes it away.'),
  isShared: z.boolean().optional().describe('Whether other members may use it.'),
});

/** A connection whose tokens were given back. */
export const disconnectedConnectionSchema = connectionSchema.extend({
  revokeError: z
    .string()
    .nullable()
    .describe(
      'Why the app did not take the tokens back; null where it did. They are forgotten here in any case.',
    ),
});

/** Where a person goes to grant access. */
export const authorizedSchema = z.object({ url: z.url() });

/** What came of a test. */
export const testedConnectionSchema = z.object({
  ok: z.boolean(),
  account: z.string().nullable(),
  error: z.string().nullable().describe('Why it does not work; null when it does.'),
});

/** How somebody gets a client id and secret. */
const setupSchema = z
  .object({ url: z.url(), steps: z.array(z.string()) })
  .nullable()
  .describe('How to register Patchbay at the app, and where.');

/** An app that has a consent screen, and the client by which members reach it. */
export const oauthAppSchema = z.object({
  connector: z.string(),
  label: z.string(),
  source: z.enum(['workspace', 'environment', 'sandbox', 'none']),
  clientId: z.string().nullable(),
  callbackUrl: z.url().describe('What the app has to know as the redirect address.'),
  setup: setupSchema,
  otherClient: z
    .int()
    .describe('Connections whose tokens belong to another client: they must be connected again.'),
});
export const oauthAppListSchema = z.object({ data: z.array(oauthAppSchema) });
export const putOAuthAppSchema = z.strictObject({
  clientId: z
    .string()
    .trim()
    .min(1)
    .max(500)
    .meta({ examples: ['0123456789.apps'] }),
  clientSecret: z
    .string()
    .trim()
    .max(2_000)
    .describe('Empty for a public client. Never shown again.')
    .meta({ examples: ['the secret'] }),
});

/** A link by which someone without an account here grants access. */
export const connectLinkSchema = z.object({
  id: z.uuid(),
  purpose: z.string(),
  state: z.enum(['open', 'used', 'expired', 'cancelled']),
  createdAt: timestampSchema,
  expiresAt: timestampSchema,
});
export const connectLinkListSchema = z.object({ data: z.array(connectLinkSchema) });
export const createConnectLinkSchema = z.strictObject({
  purpose: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .meta({ examples: ['Copy new leads into our billing'] }),
  expiresInHours: z.int().min(1).max(168).default(24),
});
/** `url` is shown this once. */
export const createdConnectLinkSchema = connectLinkSchema.extend({ url: z.url() });

export const connectorSchema = z.object({
  id: z.string(),
  label: z.string(),
  summary: z.string(),
  category: z.string(),
  connection: jsonSchema
    .nullable()
    .describe("JSON Schema of a connection's fields, null when it takes none."),
  oauth: z
    .object({
      grant: z.enum(['authorization_code', 'client_credentials']),
      scopes: z.array(z.object({ id: z.string(), says: z.string() })),
      setup: setupSchema,
      client: z
        .enum(['workspace', 'environment', 'sandbox', 'connection', 'none'])
        .describe(
          'Where the client comes from by which accounts are connected; `none` where there is none yet.',
        ),
    })
    .nullable()
    .describe('How its connections get tokens; null where their fields are all.'),
  appEvents: z
    .enum(['ready', 'missing'])
    .nullable()
    .describe(
      'Of an app that sends the events of all accounts to one address: whether that is set up here (see `/app-hooks`); null for all others.',
    ),
  canBeTested: z.boolean().describe('Whether a connection can say by itself whose account it is.'),
  proof: z
    .enum(['real_server', 'vendor_specification', 'vendor_sdk', 'own_fake'])
    .nullable()
    .describe('By what its requests were judged, the strongest first; null for what calls no vendor.'),
  operations: z.array(
    z.object({
      type: z.string(),
      version: z.int(),
      kind: z.enum(['trigger', 'action']),
      label: z.string(),
      summary: z.string(),
      input: jsonSchema.describe('JSON Schema of the settings.'),
      output: jsonSchema,
      sample: jsonSchema,
    }),
  ),
});
export const connectorListSchema = listSchema(connectorSchema);

export type Connection = z.output<typeof connectionSchema>;
export type DisconnectedConnection = z.output<typeof disconnectedConnectionSchema>;
export type CreateConnection = z.output<typeof createConnectionSchema>;
export type PatchConnection = z.output<typeof patchConnectionSchema>;
export type OAuthApp = z.output<typeof oauthAppSchema>;
export type PutOAuthApp = z.output<typeof putOAuthAppSchema>;
export type ConnectLink = z.output<typeof connectLinkSchema>;
export type CreateConnectLink = z.input<typeof createConnectLinkSchema>;
