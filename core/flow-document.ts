import { z } from 'zod';

import { FLOW_FORMAT, NODE_ID_PATTERN, SLUG_PATTERN } from './flow-format.ts';
import type { Json } from './json.ts';

/** Any JSON. The cast spares the compiler Zod's endlessly recursive type. */
export const jsonSchema = z.json() as unknown as z.ZodType<Json, Json>;

export const slugSchema = z
  .string()
  .regex(SLUG_PATTERN, 'use 1 to 63 lower-case letters, digits and hyphens, not at either end')
  .meta({ examples: ['order-fan-out'] });

export const nodeIdSchema = z
  .string()
  .regex(NODE_ID_PATTERN, 'start with a letter, then letters, digits and underscores, 63 at most')
  .meta({ examples: ['map'] });

/** A place on the canvas, in flow units from its origin: also of nodes in loops, which are drawn around them. */
export const positionSchema = z.strictObject({ x: z.number(), y: z.number() });

/** How a failed attempt is repeated. Absent: the operation's own law (`DEFAULT_RETRY`). */
export const retrySchema = z.strictObject({
  attempts: z.int().min(1).max(20),
  baseSeconds: z.number().min(0).max(3600).optional(),
  maxSeconds: z.number().min(0).max(86_400).optional(),
});

export const effectSchema = z.enum(['read', 'keyed', 'once']);

export const flowNodeSchema = z.strictObject({
  id: nodeIdSchema,
  type: z
    .string()
    .regex(/^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$/, 'name a connector and an operation, such as core.map')
    .describe('`<connector>.<operation>`, for example `core.map`.'),
  version: z.int().min(1),
  label: z.string().max(200).optional(),
  position: positionSchema.optional(),
  connection: slugSchema.optional().describe('Slug of a connection of the workspace.'),
  config: z.record(z.string(), jsonSchema).default({}),
  retry: retrySchema.optional(),
  timeoutSeconds: z.number().positive().max(86_400).optional(),
  onError: z.enum(['fail', 'continue', 'branch']).optional(),
  join: z.enum(['all', 'any']).optional(),
  effect: effectSchema.optional(),
  compensate: nodeIdSchema.optional().describe('Id of the node that undoes this one.'),
  parent: nodeIdSchema.optional().describe('Id of the loop node that contains this one.'),
});

export const flowEdgeSchema = z.strictObject({
  from: nodeIdSchema,
  port: z.string().min(1).max(63).optional(),
  to: nodeIdSchema,
});

/** The colours of notes, the usual one first. */
export const NOTE_COLORS = ['yellow', 'blue', 'green', 'red', 'violet', 'grey'] as const;

/** The longest text of a note, in characters. */
export const NOTE_LENGTH = 10_000;

export const flowNoteSchema = z.strictObject({
  id: nodeIdSchema,
  text: z.string().max(NOTE_LENGTH).describe('Markdown; HTML in it is shown as it is written.'),
  position: positionSchema,
  size: z.strictObject({ width: z.number().positive(), height: z.number().positive() }).optional(),
  color: z.enum(NOTE_COLORS).optional().describe('Absent: yellow.'),
  nodes: z
    .array(nodeIdSchema)
    .min(1)
    .max(2_000)
    .optional()
    .describe(
      'Ids of the nodes that it groups: it is drawn as a frame around them, with its text as the title.',
    ),
});

export const flowSettingsSchema = z.strictObject({
  timeoutSeconds: z.number().positive().max(31_536_000).optional().describe("The whole run's deadline."),
  concurrency: z
    .strictObject({ key: jsonSchema.optional(), limit: z.int().min(1).max(10_000) })
    .optional()
    .describe('How many runs with the same key go on at a time; they start in the order in which they came.'),
  businessKey: z
    .strictObject({
      name: z
        .string()
        .regex(
          /^\p{L}[\p{L}\p{N} _-]{0,39}$/u,
          'start with a letter, then letters, digits, blanks, 40 at most',
        )
        .meta({ examples: ['order'] }),
      value: jsonSchema,
    })
    .optional()
    .describe(
      'What a run is about, such as order 4711: runs are found by it. `value` is computed of the trigger.',
    ),
  rate: z
    .strictObject({ runs: z.int().min(1).max(100_000), seconds: z.number().min(0.1).max(86_400) })
    .optional()
    .describe('How many runs may start within so many seconds; the others wait.'),
  onFailure: slugSchema.optional().describe('Slug of the flow started with the summary of each failed run.'),
});

const pinnedErrorSchema = z.strictObject({
  kind: z
    .enum(['transient', 'throttled', 'auth', 'invalid', 'uncertain', 'cancelled', 'bug'])
    .default('invalid'),
  code: z.string().min(1).max(100).default('pinned_error'),
  message: z.string().max(10_000),
  detail: jsonSchema.optional(),
});

/** What a step answers with instead of being carried out. */
export const pinnedAnswerSchema = z.union([
  z.strictObject({
    output: jsonSchema,
    ports: z
      .array(z.string().min(1).max(63))
      .max(100)
      .optional()
      .describe('The ports that are followed. Default: `out`.'),
  }),
  z.strictObject({
    error: pinnedErrorSchema.describe('The step fails with this at once, without another attempt.'),
  }),
]);

/** The name of a set of pins. */
export const pinSetNameSchema = z
  .string()
  .regex(/^\S(?:.{0,58}\S)?$/, 'use 1 to 60 characters, no blank at either end')
  .meta({ examples: ['card declined'] });

/** How many of each a flow may have. */
export const FLOW_LIMITS = { nodes: 2_000, edges: 10_000, notes: 500, pinSets: 20 } as const;

export const flowDocumentSchema = z.strictObject({
  format: z.literal(FLOW_FORMAT),
  name: z
    .string()
    .min(1)
    .max(200)
    .meta({ examples: ['Order fan-out'] }),
  slug: slugSchema,
  description: z.string().max(10_000).default(''),
  settings: flowSettingsSchema.default({}),
  nodes: z
    .array(flowNodeSchema)
    .max(FLOW_LIMITS.nodes)
    .meta({ examples: [[{ id: 'start', type: 'core.manual', version: 1 }]] }),
  edges: z.array(flowEdgeSchema).max(FLOW_LIMITS.edges),
  notes: z.array(flowNoteSchema).max(FLOW_LIMITS.notes).default([]),
  pins: z
    .record(z.string(), jsonSchema)
    .default({})
    .describe('Pinned outputs for tests in the editor, by node id; ignored by published runs.'),
  pinSets: z
    .record(pinSetNameSchema, z.record(z.string(), pinnedAnswerSchema))
    .refine((sets) => Object.keys(sets).length <= FLOW_LIMITS.pinSets, {
      error: `can have ${FLOW_LIMITS.pinSets} sets at most`,
    })
    .optional()
    .describe(
      'More answers for tests, by the name of a set and node id. A set stands over `pins`; the set `default` belongs to `pins` and holds what is no plain output.',
    ),
});

export type Position = z.output<typeof positionSchema>;
export type RetryPolicy = z.output<typeof retrySchema>;
export type Effect = z.output<typeof effectSchema>;
export type FlowNode = z.output<typeof flowNodeSchema>;
export type FlowEdge = z.output<typeof flowEdgeSchema>;
export type FlowNote = z.output<typeof flowNoteSchema>;
export type NoteColor = (typeof NOTE_COLORS)[number];
export type FlowSettings = z.output<typeof flowSettingsSchema>;

/** A whole flow as drafts, versions, exports and the API carry it. */
export type FlowDocument = z.output<typeof flowDocumentSchema>;

/** The port an edge leaves from: `out` unless the edge names one. */
export function edgePort(edge: FlowEdge): string {
  return edge.port ?? 'out';
}
