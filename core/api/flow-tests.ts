import { z } from 'zod';

import { expectationSchema } from '../flow-tests/expectation.ts';
import { jsonSchema } from '../flow-document.ts';
import { pinsSchema } from '../pins/pin.ts';
import { timestampSchema } from './common.ts';
import { versionNumberSchema } from './flows.ts';
import { runErrorSchema, runStatusSchema } from './runs.ts';

/** How many tests a flow may have. */
export const MAX_FLOW_TESTS = 200;

const nameSchema = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .meta({ examples: ['Gift orders get a card'] });
const expectationsSchema = z.array(expectationSchema).max(500);

export const flowTestSchema = z.object({
  id: z.uuid(),
  name: nameSchema,
  input: jsonSchema.describe('As for a start by hand.'),
  runId: z.uuid().describe('What `run.id` is in the test, and with it all that looks random.'),
  receivedAt: timestampSchema.describe('When the event comes, in the test.'),
  startedAt: timestampSchema.describe('When the run begins, in the test: what `$now()` says.'),
  pins: pinsSchema.describe('What calls answer, by node id.'),
  expectations: expectationsSchema,
  createdAt: timestampSchema,
  createdBy: z.string(),
  updatedAt: timestampSchema,
});
/** All of them: a flow has 200 at most. */
export const flowTestListSchema = z.object({ data: z.array(flowTestSchema) });

export const createFlowTestSchema = z.strictObject({
  name: nameSchema,
  runId: z
    .uuid()
    .optional()
    .describe(
      'A run of the flow: its event, its time and the answers of its calls are taken unless given here.',
    ),
  input: jsonSchema.optional().describe('Default: that of the run, else `{}`.'),
  receivedAt: timestampSchema.optional().describe('Default: when the event of the run came, else now.'),
  startedAt: timestampSchema.optional().describe('Default: when the run began, else `receivedAt`.'),
  pins: pinsSchema.optional(),
  expectations: expectationsSchema.default([]),
});

export const updateFlowTestSchema = z.strictObject({
  name: nameSchema.optional(),
  input: jsonSchema.optional(),
  receivedAt: timestampSchema.optional(),
  startedAt: timestampSchema.optional(),
  pins: pinsSchema.optional(),
  expectations: expectationsSchema.optional(),
});

export const runFlowTestsSchema = z.strictObject({
  version: z.union([z.enum(['draft', 'latest']), versionNumberSchema]).default('draft'),
  ids: z.array(z.uuid()).max(MAX_FLOW_TESTS).optional().describe('Only these tests. Default: all.'),
  wait: z
    .number()
    .min(0)
    .max(90)
    .default(90)
    .describe('Seconds to wait for the end before replying; 0 replies at once.'),
});

const coverageSchema = z.object({
  nodes: z.record(z.string(), z.int()).describe('Steps that ran, by node.'),
  edges: z
    .array(z.object({ from: z.string(), port: z.string(), to: z.string(), taken: z.int() }))
    .describe('How often each edge was taken.'),
  takenEdges: z.int(),
  takenNodes: z.int(),
});

export const flowTestResultSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  passed: z.boolean(),
  status: runStatusSchema.describe('What the run came to.'),
  error: runErrorSchema.nullable(),
  differences: z.array(
    z.object({
      expectation: expectationSchema.nullable().describe('Null for what no expectation is about.'),
      actual: jsonSchema.optional().describe('Absent where there is no such field.'),
      message: z.string().describe('What was expected and what is, in words.'),
    }),
  ),
  steps: z.array(z.object({ nodeId: z.string(), key: z.string(), status: z.string() })),
});

export const flowTestRunSchema = z.object({
  id: z.uuid(),
  status: z
    .enum(['queued', 'done', 'given_up'])
    .describe('`given_up`: no worker did it within 90 seconds. See that a worker runs, and start it again.'),
  version: z.int().nullable().describe('Null for the draft.'),
  passed: z.int(),
  failed: z.int(),
  results: z.array(flowTestResultSchema),
  coverage: coverageSchema.nullable().describe('Of all tests together; null while it is queued.'),
  createdAt: timestampSchema,
  finishedAt: timestampSchema.nullable(),
});

export type FlowTest = z.output<typeof flowTestSchema>;
export type CreateFlowTest = z.output<typeof createFlowTestSchema>;
export type UpdateFlowTest = z.output<typeof updateFlowTestSchema>;
export type RunFlowTests = z.output<typeof runFlowTestsSchema>;
export type FlowTestResult = z.output<typeof flowTestResultSchema>;
export type FlowTestRun = z.output<typeof flowTestRunSchema>;
/** What a worker leaves of a run of tests. */
export type FlowTestOutcome = Pick<FlowTestRun, 'results' | 'coverage'>;
