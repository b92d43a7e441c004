import { z } from 'zod';

import { jsonSchema } from '../flow-document.ts';
import { listQuerySchema, listSchema, timestampSchema } from './common.ts';

export const auditEntrySchema = z.object({
  id: z.string(),
  at: timestampSchema,
  actor: z.string(),
  action: z.string(),
  resource: z.string(),
  detail: jsonSchema,
  address: z.string().describe('Where the request came from; empty for what Patchbay does by itself.'),
  position: z.string().nullable().describe('Its place in the chain, from 1.'),
  hash: z.string().nullable().describe('SHA-256 over the hash before and this entry, in hex.'),
});
export const auditListSchema = listSchema(auditEntrySchema);
export type AuditEntry = z.output<typeof auditEntrySchema>;

/** What narrows the log; all given parts must hold. */
export const auditFilterSchema = z.object({
  actor: z.string().max(200).optional().describe('Only by whom this is part of the name.'),
  action: z
    .string()
    .max(100)
    .optional()
    .describe('Only this action (`flow.publish`), or all of a resource (`flow`).'),
  q: z.string().max(200).optional().describe('Only with this text anywhere in the entry.'),
  from: timestampSchema.optional().describe('Only from this time on.'),
  to: timestampSchema.optional().describe('Only before this time.'),
});
export type AuditFilter = z.output<typeof auditFilterSchema>;
export const auditQuerySchema = listQuerySchema.extend(auditFilterSchema.shape);

export const AUDIT_FORMATS = ['csv', 'jsonl'] as const;
export const auditExportQuerySchema = auditFilterSchema.extend({
  format: z.enum(AUDIT_FORMATS).default('csv').describe('A table, or a JSON object a line.'),
});

export const auditVerifyQuerySchema = z.object({
  anchor: z
    .string()
    .regex(/^\d{1,18}:[0-9a-f]{64}$/, 'write it as <position>:<hash>')
    .optional()
    .describe(
      '`<position>:<hash>` as an earlier check told them: the entry at that place must still have that hash.',
    ),
});

/** What came of looking at every entry. */
export const auditCheckSchema = z.object({
  isIntact: z.boolean(),
  entries: z.int().describe('How many were checked and found right.'),
  first: z.string().nullable().describe('Place of the first; later than 1 once old entries were removed.'),
  last: z.string().nullable().describe('Place of the last one that is right.'),
  hash: z.string().nullable().describe('Its hash. Kept elsewhere, it is the anchor of a later check.'),
  fault: z
    .object({
      position: z.string().nullable(),
      entryId: z.string().nullable(),
      message: z.string(),
    })
    .nullable()
    .describe('The first thing that is wrong; null while nothing is.'),
});
export type AuditCheck = z.output<typeof auditCheckSchema>;
