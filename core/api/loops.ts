import { z } from 'zod';

import { nodeIdSchema } from '../flow-document.ts';
import { listQuerySchema, listSchema, timestampSchema } from './common.ts';
import { stepErrorSchema, stepSchema, stepStatusSchema } from './runs.ts';

/** A loop path: indexes joined by dots, `4` or `4.2`. */
export const loopPathSchema = z
  .string()
  .max(100)
  .regex(/^\d{1,6}(\.\d{1,6})*$/, 'give a loop path such as 4 or 4.2');

/** Steps or iterations by status. */
const countsSchema = z
  .object({
    running: z.int(),
    waiting: z.int(),
    in_doubt: z.int(),
    succeeded: z.int(),
    failed: z.int(),
    skipped: z.int(),
    cancelled: z.int(),
  })
  .describe('How many there are of each status.');

/** How far a loop has come. */
export const loopSchema = z.object({
  nodeId: z.string(),
  key: z
    .string()
    .describe('Path of the iteration that the loop itself stands in; empty for an outermost loop.'),
  items: z.int().nullable().describe('How many items it has; null before it knows.'),
  iterations: countsSchema.describe('Iterations that began, by status.'),
});

/** Loops without their steps: what a page shows of them before somebody looks into one. */
export const loopsSchema = z.object({
  loops: z.array(loopSchema),
  nodes: z
    .array(z.object({ nodeId: z.string(), steps: countsSchema }))
    .describe('The steps of each node inside these loops, counted over all iterations.'),
});
export const loopsQuerySchema = z.object({
  within: nodeIdSchema.optional().describe('The loop whose loops are asked for. Default: the outermost.'),
  path: loopPathSchema.optional().describe('The iteration of `within`.'),
});

export const iterationSchema = z.object({
  key: z.string().describe('The loop path of its steps.'),
  index: z.int().describe('The place of its item, from 0.'),
  status: stepStatusSchema,
  startedAt: timestampSchema.nullable(),
  finishedAt: timestampSchema.nullable(),
  error: stepErrorSchema.nullable().describe('Of the step that failed it.'),
});
export const iterationListSchema = listSchema(iterationSchema);
export const iterationListQuerySchema = listQuerySchema.extend({
  path: loopPathSchema.optional().describe('Path of the iteration that the loop itself stands in.'),
  status: stepStatusSchema.optional(),
  from: z.coerce.number().int().min(0).optional().describe('Only from this index on.'),
});

export const iterationStepsSchema = z.object({ steps: z.array(stepSchema) });

export type Counts = z.output<typeof countsSchema>;
export type Loop = z.output<typeof loopSchema>;
export type Loops = z.output<typeof loopsSchema>;
export type Iteration = z.output<typeof iterationSchema>;
export type IterationListQuery = z.output<typeof iterationListQuerySchema>;
