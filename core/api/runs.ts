import { z } from 'zod';

import { flowDocumentSchema, jsonSchema } from '../flow-document.ts';
import { listQuerySchema, listSchema, timestampSchema } from './common.ts';
import { ERROR_KINDS, RUN_STATUSES } from './words.ts';

export const runStatusSchema = z.enum(RUN_STATUSES);
export const stepStatusSchema = z.enum([
  'running',
  'waiting',
  'in_doubt',
  'succeeded',
  'failed',
  'skipped',
  'cancelled',
]);

export const stepErrorSchema = z.object({
  kind: z.enum(ERROR_KINDS),
  code: z.string(),
  message: z.string(),
  pointer: z.string().optional(),
  position: z.int().optional(),
  retryAfterMs: z.number().optional(),
  detail: jsonSchema.optional(),
});

/** The failure that ended a run. */
export const runErrorSchema = stepErrorSchema.extend({ nodeId: z.string().optional() });

export const attemptSchema = z.object({
  number: z.int(),
  startedAt: timestampSchema,
  finishedAt: timestampSchema.nullable(),
  error: stepErrorSchema.nullable(),
});

export const stepSchema = z.object({
  nodeId: z.string(),
  key: z.string().describe('Loop path; empty outside loops.'),
  status: stepStatusSchema,
  ports: z.array(z.string()).describe('Ports that were followed.'),
  startedAt: timestampSchema.nullable(),
  finishedAt: timestampSchema.nullable(),
  nextAttemptAt: timestampSchema.nullable().describe('When the next attempt is due, while the step waits.'),
  attempts: z.array(attemptSchema),
  input: jsonSchema,
  output: jsonSchema,
  error: stepErrorSchema.nullable(),
  waitingFor: z
    .enum(['retry', 'time', 'approval', 'call', 'breaker', 'budget', 'connection'])
    .nullable()
    .describe('What the step waits for; null while it does not wait.'),
  logs: z.array(z.string()).describe('Lines that its code logged, in order.'),
  calledRunId: z.uuid().nullable().describe('The run that the step called.'),
  approvalId: z.uuid().nullable().describe('The approval that the step asked for.'),
  isReused: z.boolean().describe('True for a step that a replay took over: it did not run again.'),
  isPinned: z
    .literal(true)
    .optional()
    .describe(
      'True for a step that answered with its pin: it was not carried out. Absent for every other one.',
    ),
});

export const runSummarySchema = z.object({
  id: z.uuid(),
  flow: z.string(),
  flowName: z.string(),
  version: z.int().nullable().describe('Null for a run of the draft.'),
  status: runStatusSchema,
  startedBy: z.enum(['webhook', 'manual', 'schedule', 'poll', 'call', 'failure', 'replay']),
  createdAt: timestampSchema,
  startedAt: timestampSchema.nullable(),
  finishedAt: timestampSchema.nullable(),
  nextAttemptAt: timestampSchema.nullable(),
  error: runErrorSchema.nullable(),
  replayOf: z.uuid().nullable(),
  businessKey: z
    .object({
      name: z.string(),
      value: z.string().nullable().describe('Null where the event gave none.'),
      fault: z.string().nullable().describe('Why it gave none; null where it gave one.'),
    })
    .nullable()
    .describe('What the run is about, as the setting `businessKey` of its flow says; null without it.'),
  compensation: z
    .enum(['undone', 'partly_undone'])
    .nullable()
    .describe('What became of the steps that a failed run undoes; null where there was nothing to undo.'),
});
export const runListSchema = listSchema(runSummarySchema);

/** The values of a run that may be large. */
export const runValueSchema = z.enum(['trigger', 'output', 'step_input', 'step_output']);

const cutValueSchema = z.object({
  of: runValueSchema,
  node: z.string().nullable(),
  key: z.string(),
  bytes: z.int().describe('Length of its JSON text.'),
});

export const runSchema = runSummarySchema.extend({
  eventId: z.uuid().nullable(),
  replays: z.array(z.uuid()).describe('The replays of this run, newest first, 20 at most.'),
  replayFrom: z
    .string()
    .nullable()
    .describe('The node at which this replay began; null for one from the trigger.'),
  resumes: z.int().describe('How often the run was resumed after it had failed.'),
  deadLetter: z
    .enum(['open', 'redriven', 'discarded'])
    .nullable()
    .describe('What became of its dead letter; null for a run that never ended failed.'),
  trigger: jsonSchema.describe(
    'The event as expressions see it: `body`, `headers`, `query`, `method`, `receivedAt`.',
  ),
  output: jsonSchema,
  steps: z.array(stepSchema),
  cut: z
    .array(cutValueSchema)
    .describe('Values that `values=cut` left out; empty without it. Of `trigger`, the body.'),
  document: flowDocumentSchema.describe('The document that the run is pinned to.'),
  parent: z
    .object({ runId: z.uuid(), nodeId: z.string(), key: z.string() })
    .nullable()
    .describe('The run, and in it the step, that called this one.'),
  failureOf: z.uuid().nullable().describe('The failed run that this one was started to deal with.'),
  failureRunId: z
    .uuid()
    .nullable()
    .describe('The run that was started to deal with the failure of this one.'),
});

export const runQuerySchema = z.object({
  values: z
    .enum(['whole', 'cut'])
    .default('whole')
    .describe(
      '`cut`: null stands in the place of values of more than 64 KB, and `cut` names them; `/runs/{id}/part` gives their parts.',
    ),
  loops: z
    .enum(['all', 'folded'])
    .default('all')
    .describe('`folded` leaves the steps inside loops out; `/runs/{id}/loops` counts them.'),
});

/** What runs are searched for. */
export const runSearchShape = {
  q: z
    .string()
    .max(200)
    .optional()
    .describe(
      'A business key (`4711`, `order 4711`): where some run has it, exactly those. Else fields of the event (`number:4711`, `body.customer.id = 42 and query.shop = "acme"`). Else text in the run\'s id, flow, error, event key or body.',
    ),
  as: z
    .enum(['auto', 'text'])
    .optional()
    .describe('`text`: `q` is a text to be found anywhere, whatever it looks like. Default `auto`.'),
};

export const runListQuerySchema = listQuerySchema.extend({
  flow: z.string().max(63).optional().describe('Slug of a flow, also of one that was deleted.'),
  status: z
    .string()
    .optional()
    .transform((value) => value?.split(',').filter(Boolean))
    .pipe(z.array(runStatusSchema).optional())
    .describe('One status or several, separated by commas.'),
  ...runSearchShape,
  from: timestampSchema.optional().describe('Only from this time on.'),
  to: timestampSchema.optional().describe('Only before this time.'),
  by: z
    .enum(['accepted', 'ended'])
    .default('accepted')
    .describe('Of which time `from` and `to` are: when a run was accepted, or when it ended.'),
});

/** A server-sent event of `/runs/stream` and `/runs/{id}/stream`: which runs changed. The reader fetches what it shows. */
export const runChangeSchema = z.object({ id: z.uuid(), flow: z.string(), status: runStatusSchema });

export type RunStatus = z.output<typeof runStatusSchema>;
export type StepStatus = z.output<typeof stepStatusSchema>;
export type CutValue = z.output<typeof cutValueSchema>;
export type RunSummary = z.output<typeof runSummarySchema>;
export type Run = z.output<typeof runSchema>;
export type Step = z.output<typeof stepSchema>;
export type Attempt = z.output<typeof attemptSchema>;
export type RunListQuery = z.output<typeof runListQuerySchema>;
export type RunChange = z.output<typeof runChangeSchema>;
