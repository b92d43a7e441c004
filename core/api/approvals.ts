import { z } from 'zod';

import { listQuerySchema, listSchema, roleSchema, timestampSchema } from './common.ts';

/** A question that a step asked people. */
export const approvalSchema = z.object({
  id: z.uuid(),
  status: z
    .enum(['open', 'approved', 'rejected', 'expired', 'cancelled'])
    .describe('`cancelled`: the run ended before anybody decided.'),
  question: z.string(),
  flow: z.string().describe('Slug of the flow.'),
  flowName: z.string(),
  runId: z.uuid(),
  nodeId: z.string(),
  key: z.string().describe('Loop path; empty outside loops.'),
  approvers: z
    .object({ emails: z.array(z.string()), role: roleSchema.nullable() })
    .describe('Who is asked: those with one of the addresses, or with the role or a higher one.'),
  canDecide: z.boolean().describe('True when it is open and you may decide it.'),
  createdAt: timestampSchema,
  expiresAt: timestampSchema.nullable(),
  decidedAt: timestampSchema.nullable(),
  decidedBy: z.string().nullable(),
  comment: z.string().nullable(),
});
export const approvalListSchema = listSchema(approvalSchema);

export const approvalListQuerySchema = listQuerySchema.extend({
  status: z
    .enum(['open', 'decided'])
    .optional()
    .describe('Open ones, or those that are closed, however. Default: all.'),
  flow: z.string().max(63).optional().describe('Slug of a flow, also of one that was deleted.'),
  run: z.uuid().optional().describe('Only those of this run.'),
});

export const decisionRequestSchema = z.strictObject({
  decision: z.enum(['approved', 'rejected']),
  comment: z
    .string()
    .trim()
    .max(2_000)
    .regex(/^[^\0]*$/, 'a comment holds no NUL character')
    .optional()
    .meta({ examples: ['Checked with the warehouse.'] }),
});

export type Approval = z.output<typeof approvalSchema>;
export type ApprovalListQuery = z.output<typeof approvalListQuerySchema>;
export type DecisionRequest = z.output<typeof decisionRequestSchema>;
