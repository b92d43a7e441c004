import { z } from 'zod';

import { jsonSchema, slugSchema } from '../flow-document.ts';
import { listSchema, roleSchema, timestampSchema } from './common.ts';

/** Who is asking, and what they may do. */
export const meSchema = z.object({
  user: z.object({ id: z.uuid(), email: z.string(), name: z.string() }).nullable(),
  workspace: z.object({ slug: z.string(), name: z.string() }),
  role: roleSchema,
});

/** So many calls in so many seconds. */
export const rateBudgetSchema = z.strictObject({
  calls: z.int().min(1).max(100_000),
  seconds: z.int().min(1).max(86_400),
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
});
export const connectionListSchema = listSchema(connectionSchema);

export const createConnectionSchema = z.strictObject({
  slug: slugSchema.meta({ examples: ['shop'] }),
  name: z.string().min(1).max(200).optional(),
  connector: z.string().meta({ examples: ['bearer_token'] }),
  fields: z.record(z.string(), z.string().max(20_000)).meta({ examples: [{ token: 'the secret' }] }),
  budget: rateBudgetSchema.nullable().optional().describe('Its rate budget; null or absent for none.'),
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
});

export const apiKeySchema = z.object({
  id: z.uuid(),
  name: z.string(),
  role: roleSchema,
  prefix: z.string().describe('The first characters, to tell keys apart.'),
  createdAt: timestampSchema,
  lastUsedAt: timestampSchema.nullable(),
  expiresAt: timestampSchema.nullable(),
});
export const apiKeyListSchema = listSchema(apiKeySchema);
export const createApiKeySchema = z.strictObject({
  name: z
    .string()
    .min(1)
    .max(100)
    .meta({ examples: ['Deployment'] }),
  role: roleSchema.default('editor'),
  expiresAt: timestampSchema.nullable().default(null),
});
/** `key` is shown this once. */
export const createdApiKeySchema = apiKeySchema.extend({ key: z.string() });

export const connectorSchema = z.object({
  id: z.string(),
  label: z.string(),
  summary: z.string(),
  category: z.string(),
  connection: jsonSchema
    .nullable()
    .describe("JSON Schema of a connection's fields, null when it takes none."),
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

export const auditEntrySchema = z.object({
  id: z.string(),
  at: timestampSchema,
  actor: z.string(),
  action: z.string(),
  resource: z.string(),
  detail: jsonSchema,
});
export const auditListSchema = listSchema(auditEntrySchema);

/** The longest and the shortest password that is taken. */
export const PASSWORD_LENGTH = { min: 8, max: 200 } as const;
export const passwordSchema = z
  .string()
  .min(PASSWORD_LENGTH.min, `use at least ${PASSWORD_LENGTH.min} characters`)
  .max(PASSWORD_LENGTH.max, `use at most ${PASSWORD_LENGTH.max} characters`)
  .meta({ examples: ['correct horse battery'] });

/** The first user and workspace: `POST /api/set-up`. */
export const setUpSchema = z.strictObject({
  email: z.string().max(254),
  password: passwordSchema,
  name: z.string().trim().max(200).default(''),
  workspace: z.string().trim().max(200).default('').describe("The workspace's name."),
});

export const patchMeSchema = z.strictObject({ name: z.string().trim().min(1).max(200) });
export const changePasswordSchema = z.strictObject({
  currentPassword: z.string().max(1_000),
  newPassword: passwordSchema,
});

/** A signed-in browser. */
export const sessionSchema = z.object({
  id: z.uuid(),
  createdAt: timestampSchema,
  lastSeenAt: timestampSchema,
  expiresAt: timestampSchema,
  address: z.string(),
  userAgent: z.string(),
  current: z.boolean().describe('True for the one that asks.'),
});
export const sessionListSchema = listSchema(sessionSchema);

export type Me = z.output<typeof meSchema>;
export type SetUp = z.input<typeof setUpSchema>;
export type Session = z.output<typeof sessionSchema>;
export type Connection = z.output<typeof connectionSchema>;
export type CreateConnection = z.output<typeof createConnectionSchema>;
export type PatchConnection = z.output<typeof patchConnectionSchema>;
export type ApiKey = z.output<typeof apiKeySchema>;
export type CreatedApiKey = z.output<typeof createdApiKeySchema>;
export type AuditEntry = z.output<typeof auditEntrySchema>;
