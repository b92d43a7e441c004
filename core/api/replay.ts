import { z } from 'zod';

import { effectSchema, jsonSchema } from '../flow-document.ts';
import { versionNumberSchema } from './flows.ts';

/** Which version a replay runs: that of the original run, the published one, or one by its number. */
const replayVersionSchema = z.union([z.enum(['original', 'latest']), versionNumberSchema]);

export const replayRequestSchema = z.strictObject({
  from: z
    .string()
    .optional()
    .describe('The node to begin at; the steps before it are taken over. Absent: from the trigger.'),
  input: jsonSchema
    .optional()
    .describe(
      'Without `from`: the body of the event. With it: the settings of that step, instead of what its expressions make.',
    ),
  version: replayVersionSchema.default('original'),
  dryRun: z.boolean().default(false).describe('True answers with the plan alone.'),
});

export const resumeRequestSchema = z.strictObject({
  nodeId: z.string().optional().describe('With `input`: the failed step whose settings are replaced.'),
  input: jsonSchema.optional().describe('The settings of that step, instead of what its expressions make.'),
  dryRun: z.boolean().default(false).describe('True answers with the plan alone.'),
});

export const resolveRequestSchema = z.strictObject({
  nodeId: z.string(),
  key: z.string().default('').describe('Loop path; empty outside loops.'),
  as: z
    .enum(['done', 'retry'])
    .describe('`done`: it happened, with this output. `retry`: it did not; do it again.'),
  output: jsonSchema.optional().describe('Of `done`; null when absent.'),
});

export const retryNowRequestSchema = z.strictObject({
  nodeId: z.string().optional().describe('Absent: every step that waits for its next attempt.'),
  key: z.string().optional().describe('Loop path; absent: every item.'),
});

const plannedStepSchema = z.object({ nodeId: z.string(), label: z.string(), type: z.string() });

/** What a replay or a resume is going to do. */
export const replayPlanSchema = z.object({
  version: z.int().nullable().describe('The version that runs; null for the snapshot of a draft.'),
  reused: z.array(plannedStepSchema).describe('Steps that are taken over as they were.'),
  executed: z.array(plannedStepSchema).describe('Steps that run.'),
  possible: z
    .array(plannedStepSchema)
    .describe('Steps that run or not as the data decides: behind a branch, or never reached before.'),
  effects: z
    .array(
      plannedStepSchema.extend({
        effect: effectSchema,
        summary: z
          .string()
          .describe('What it does, as far as it is known: `POST https://api.example.com/orders`.'),
        repeats: z.boolean().describe('True when the original run did it already.'),
        sameKey: z.boolean().describe('True when it goes out with the same idempotency key (resume).'),
        certain: z.boolean().describe('False for a possible step.'),
      }),
    )
    .describe('Calls among the steps that may run.'),
  warnings: z.array(z.string()).describe('What to know first, in plain words.'),
});

export type ReplayRequest = z.output<typeof replayRequestSchema>;
export type ResumeRequest = z.output<typeof resumeRequestSchema>;
export type ResolveRequest = z.output<typeof resolveRequestSchema>;
export type RetryNowRequest = z.output<typeof retryNowRequestSchema>;
export type ReplayPlan = z.output<typeof replayPlanSchema>;
