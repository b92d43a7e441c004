import { z } from 'zod';

import { listQuerySchema, listSchema, timestampSchema } from './common.ts';
import { deadLetterFilterSchema, discardReasonSchema } from './dead-letters.ts';
import { versionNumberSchema } from './flows.ts';
import { runSearchShape, runStatusSchema } from './runs.ts';

const paceShape = {
  limit: z.int().min(1).max(100_000).optional().describe('At most so many, oldest first.'),
  ratePerSecond: z.number().min(0.1).max(1_000).optional().describe('At most so many a second.'),
  sampleSize: z.int().min(1).max(1_000).optional().describe('So many go first; then it pauses.'),
  dryRun: z.boolean().default(false).describe('True answers how many it would be, and starts nothing.'),
};

/** Which runs a bulk replay takes: as the list of runs filters them. */
export const runFilterSchema = z.strictObject({
  flow: z.string().max(63).describe('Slug of a flow.'),
  status: z.array(runStatusSchema).optional(),
  ...runSearchShape,
  from: timestampSchema.optional(),
  to: timestampSchema.optional(),
  runIds: z.array(z.uuid()).max(10_000).optional(),
});

export const bulkReplayRequestSchema = z.strictObject({
  kind: z.literal('replay'),
  filter: runFilterSchema,
  version: z.union([z.enum(['original', 'latest']), versionNumberSchema]).default('original'),
  from: z.string().optional().describe('The node to begin at.'),
  inputExpression: z
    .string()
    .max(10_000)
    .optional()
    .describe('JSONata over each run’s event (`trigger`): makes the new body. Absent: the body as it was.'),
  ...paceShape,
});
export const bulkDiscardRequestSchema = z.strictObject({
  kind: z.literal('discard'),
  filter: deadLetterFilterSchema,
  reason: discardReasonSchema,
  ...paceShape,
});
export const bulkRedriveRequestSchema = z.strictObject({
  kind: z.literal('redrive'),
  filter: deadLetterFilterSchema,
  mode: z.enum(['resume', 'replay']).default('resume'),
  ...paceShape,
});
export const bulkReleaseRequestSchema = z.strictObject({
  kind: z
    .literal('release')
    .describe('Gives quarantined events their runs, of the version that is published then.'),
  filter: z.strictObject({
    flow: z.string().max(63).optional().describe('Slug of a flow. Absent: of every flow.'),
  }),
  ...paceShape,
});
export const bulkActionRequestSchema = z.discriminatedUnion('kind', [
  bulkRedriveRequestSchema,
  bulkReplayRequestSchema,
  bulkDiscardRequestSchema,
  bulkReleaseRequestSchema,
]);

/** What a bulk action would take, before it is made. */
export const bulkPreviewSchema = z.object({
  total: z.int(),
  flows: z.array(z.object({ flow: z.string(), count: z.int() })),
  sample: z.array(z.uuid()).describe('The first of them, oldest first, 10 at most.'),
});

export const bulkActionSchema = z.object({
  id: z.uuid(),
  kind: z.enum(['redrive', 'replay', 'discard', 'release']),
  status: z.enum(['running', 'paused', 'cancelled', 'done']),
  isSample: z.boolean().describe('True while it is paused after its sample, for a look at it.'),
  filter: z
    .record(z.string(), z.unknown())
    .describe('What was selected; of `runIds` the first 20 (its items are all of them).'),
  options: z.record(z.string(), z.unknown()).describe('How: mode, version, from, inputExpression, reason.'),
  ratePerSecond: z.number().nullable(),
  sampleSize: z.int().nullable(),
  total: z.int(),
  counts: z.object({ pending: z.int(), done: z.int(), skipped: z.int(), failed: z.int() }),
  results: z
    .record(runStatusSchema, z.int())
    .describe('How the runs stand that it started or resumed, by status; all zero for a discard.'),
  createdAt: timestampSchema,
  createdBy: z.string(),
  finishedAt: timestampSchema.nullable(),
});
export const bulkActionListSchema = listSchema(bulkActionSchema);
export const bulkActionListQuerySchema = listQuerySchema;

export const bulkItemSchema = z.object({
  position: z.int(),
  runId: z.uuid().nullable().describe('Null where the action is about events.'),
  eventId: z.uuid().nullable().describe('Null where it is about runs.'),
  status: z.enum(['pending', 'done', 'skipped', 'failed']),
  resultRunId: z.uuid().nullable(),
  resultStatus: runStatusSchema.nullable(),
  message: z.string().nullable(),
  doneAt: timestampSchema.nullable(),
});
export const bulkItemListSchema = listSchema(bulkItemSchema);
export const bulkItemListQuerySchema = listQuerySchema.extend({
  status: bulkItemSchema.shape.status.optional(),
});
export const bulkPaceRequestSchema = z.strictObject({
  ratePerSecond: z.number().min(0.1).max(1_000).nullable().optional(),
});

export type BulkActionListQuery = z.output<typeof bulkActionListQuerySchema>;
export type BulkItemListQuery = z.output<typeof bulkItemListQuerySchema>;
export type BulkActionRequest = z.output<typeof bulkActionRequestSchema>;
export type BulkPreview = z.output<typeof bulkPreviewSchema>;
export type BulkAction = z.output<typeof bulkActionSchema>;
export type BulkItem = z.output<typeof bulkItemSchema>;
