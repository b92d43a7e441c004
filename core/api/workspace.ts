import { z } from 'zod';

import { listSchema, roleSchema, timestampSchema } from './common.ts';
import { PASSWORD_LENGTH } from './words.ts';

/** Who is asking, and what they may do. */
export const meSchema = z.object({
  user: z.object({ id: z.uuid(), email: z.string(), name: z.string() }).nullable(),
  workspace: z.object({ slug: z.string(), name: z.string() }),
  role: roleSchema,
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
export type ApiKey = z.output<typeof apiKeySchema>;
export type CreatedApiKey = z.output<typeof createdApiKeySchema>;
