import { z } from 'zod';

import { listQuerySchema, listSchema, timestampSchema } from './common.ts';
import { runErrorSchema } from './runs.ts';

/** Which dead letters. Every part narrows; absent parts do not. */
export const deadLetterFilterSchema = z.strictObject({
  flow: z.string().max(63).optional().describe('Slug of a flow, also of one that was deleted.'),
  nodeId: z
    .string()
    .max(63)
    .optional()
    .describe('The node that failed; empty for runs that failed as a whole.'),
  errorKind: z.string().max(40).optional(),
  cause: z.string().max(200).optional().describe('As in the groups: `http_status 503`.'),
  from: timestampSchema.optional().describe('Only those that failed from this time on.'),
  to: timestampSchema.optional().describe('Only those that failed before this time.'),
  q: z
    .string()
    .max(200)
    .optional()
    .describe("Text in the run's id, its error, the key of its event, or its body."),
  runIds: z.array(z.uuid()).max(10_000).optional().describe('Only these runs.'),
});

export const deadLetterStateSchema = z.enum(['open', 'redriven', 'discarded', 'all']);

/** A run that ended failed and waits for a person. Its `runId` is its id. */
export const deadLetterSchema = z.object({
  runId: z.uuid(),
  flow: z.string(),
  flowName: z.string(),
  version: z.int().nullable(),
  nodeId: z
    .string()
    .nullable()
    .describe('The node that failed, null when the run failed as a whole (its deadline, for example).'),
  cause: z.string().describe('The error’s code, and of a reply its status: what it is grouped by.'),
  error: runErrorSchema.nullable(),
  createdAt: timestampSchema.describe('When the run ended failed.'),
  redrivenAt: timestampSchema.nullable(),
  discardedAt: timestampSchema.nullable(),
  discardReason: z.string().nullable(),
});
export const deadLetterListSchema = listSchema(deadLetterSchema);
export const deadLetterListQuerySchema = listQuerySchema.extend({
  ...deadLetterFilterSchema.omit({ runIds: true }).shape,
  state: deadLetterStateSchema.default('open').describe('`open`: those that nobody dealt with yet.'),
});

/** Open dead letters with the same flow, node and cause. */
export const deadLetterGroupSchema = z.object({
  flow: z.string(),
  flowName: z.string(),
  nodeId: z.string().nullable(),
  nodeLabel: z
    .string()
    .describe('Name of the node in the newest of these runs; empty for a run that failed as a whole.'),
  errorKind: z.string(),
  cause: z.string(),
  count: z.int(),
  firstAt: timestampSchema,
  lastAt: timestampSchema,
  message: z.string().describe('What the newest of them says.'),
  sampleRunId: z.uuid().describe('The newest of them.'),
  buckets: z
    .array(z.object({ at: timestampSchema, count: z.int() }))
    .describe('How many failed when: 24 equal parts of the time asked for.'),
});
export const deadLetterGroupsSchema = z.object({
  data: z.array(deadLetterGroupSchema),
  total: z.int().describe('Open dead letters in all groups.'),
  from: timestampSchema,
  to: timestampSchema,
});
export const deadLetterGroupsQuerySchema = deadLetterFilterSchema.pick({ flow: true, from: true, to: true });

export const redriveRequestSchema = z.strictObject({
  filter: deadLetterFilterSchema.default({}),
  mode: z
    .enum(['resume', 'replay'])
    .default('resume')
    .describe('`resume`: each run goes on from its failed step. `replay`: a new run for each.'),
  limit: z.int().min(1).max(100_000).optional().describe('At most so many, oldest first.'),
  ratePerSecond: z
    .number()
    .min(0.1)
    .max(1_000)
    .optional()
    .describe('At most so many a second; absent: as fast as it goes.'),
  sampleSize: z.int().min(1).max(1_000).optional().describe('So many go first; then the action pauses.'),
  dryRun: z.boolean().default(false).describe('True answers how many it would be, and starts nothing.'),
});
/** Why a dead letter is given up. */
export const discardReasonSchema = z
  .string()
  .trim()
  .min(1)
  .max(2_000)
  .regex(/^[^\0]*$/, 'a reason holds no NUL character')
  .describe('Why nothing is to be done about it; kept in the audit trail.');
export const discardRequestSchema = z.strictObject({ reason: discardReasonSchema });

export type DeadLetter = z.output<typeof deadLetterSchema>;
export type DeadLetterFilter = z.output<typeof deadLetterFilterSchema>;
export type DeadLetterListQuery = z.output<typeof deadLetterListQuerySchema>;
export type DeadLetterGroup = z.output<typeof deadLetterGroupSchema>;
export type DeadLetterGroups = z.output<typeof deadLetterGroupsSchema>;
export type DeadLetterGroupsQuery = z.output<typeof deadLetterGroupsQuerySchema>;
