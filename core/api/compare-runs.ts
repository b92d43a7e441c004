import { z } from 'zod';

import { flowDocumentSchema, jsonSchema } from '../flow-document.ts';
import { runSummarySchema, stepErrorSchema, stepStatusSchema } from './runs.ts';

const sideSchema = z.object({
  value: jsonSchema,
  isCut: z.boolean().describe('True for a large value: `value` is then the beginning of its JSON text.'),
});

export const changeSchema = z.object({
  kind: z.enum(['added', 'removed', 'changed', 'moved']),
  from: z.string().nullable().describe('JSON pointer into the earlier value; null for what was added.'),
  to: z.string().nullable().describe('JSON pointer into the later value; null for what was removed.'),
  before: sideSchema.nullable(),
  after: sideSchema.nullable(),
});

export const changesSchema = z.object({
  total: z.int().describe('How many places differ.'),
  shown: z.array(changeSchema).describe('The first of them, 200 at most.'),
});

const comparedStepSchema = z.object({
  status: stepStatusSchema,
  ports: z.array(z.string()),
  error: stepErrorSchema.pick({ kind: true, code: true, message: true }).nullable(),
  attempts: z.int(),
  ms: z
    .number()
    .nullable()
    .describe(
      'From the beginning of the first attempt to the end; null for a step that did not run or goes on.',
    ),
  waitMs: z.number().describe('How much of that was between attempts.'),
  isReused: z.boolean(),
});

export const stepComparisonSchema = z.object({
  nodeId: z.string(),
  key: z.string().describe('Loop path; empty outside loops.'),
  before: comparedStepSchema.nullable(),
  after: comparedStepSchema.nullable(),
  differs: z.array(z.enum(['presence', 'status', 'ports', 'error', 'settings', 'input', 'output'])),
  settings: changesSchema.describe('Of the node itself, between the versions.'),
  input: changesSchema,
  output: changesSchema,
});

const stepPlaceSchema = z.object({ nodeId: z.string(), key: z.string() });

export const runComparisonSchema = z.object({
  before: runSummarySchema.describe('The run that it is compared with.'),
  after: runSummarySchema,
  parting: stepPlaceSchema
    .nullable()
    .describe(
      'The first step, in the order of the graph, with another status, port or error, or in one run alone.',
    ),
  first: stepPlaceSchema.nullable().describe('The first step that differs in anything, its data included.'),
  steps: z.array(stepComparisonSchema).describe('In the order of the graph; within a loop item by item.'),
  loops: z
    .enum(['all', 'folded'])
    .describe('`folded`: the steps in loops are too many, and only the loops themselves are compared.'),
  trigger: changesSchema,
  output: changesSchema,
  document: flowDocumentSchema.describe('The document of the later run.'),
});

export const compareQuerySchema = z.object({
  with: z
    .union([z.uuid(), z.literal('last_success')])
    .default('last_success')
    .describe(
      'The run to compare with, of the same flow. `last_success`: the newest that succeeded before this one, else the newest that succeeded.',
    ),
});

export type RunComparisonReply = z.output<typeof runComparisonSchema>;
export type ComparedStepReply = z.output<typeof stepComparisonSchema>;
export type ChangesReply = z.output<typeof changesSchema>;
export type ChangeReply = z.output<typeof changeSchema>;
