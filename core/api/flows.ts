import { z } from 'zod';

import { flowDocumentSchema, jsonSchema, nodeIdSchema, slugSchema } from '../flow-document.ts';
import { pinsSchema } from '../pins/pin.ts';
import { listQuerySchema, listSchema, timestampSchema } from './common.ts';
import { stepErrorSchema, stepSchema } from './runs.ts';

/** A flow in lists, and beside the canvas. */
export const flowSummarySchema = z.object({
  slug: slugSchema,
  name: z.string(),
  description: z.string(),
  trigger: z.string().nullable().describe('Type of the trigger node, null while there is none.'),
  publishedVersion: z
    .int()
    .nullable()
    .describe('Number of the version that runs now; null when the flow is not published.'),
  draftChanged: z
    .boolean()
    .describe('True when the draft differs from the published version (also when nothing is published).'),
  etag: z.string().describe('ETag of the draft, for `If-Match`.'),
  hookUrl: z
    .string()
    .nullable()
    .describe(
      'URL that starts the flow; null unless its trigger is a webhook that was published once, or whose events were captured.',
    ),
  nextTickAt: timestampSchema
    .nullable()
    .describe('When the published schedule starts its next run; null for every other flow.'),
  poll: z
    .object({
      nextAt: timestampSchema.describe('When it is asked again.'),
      askedAt: timestampSchema.nullable(),
      answeredAt: timestampSchema.nullable().describe('When a request last succeeded.'),
      found: z.int().nullable().describe('Items in the last reply, old ones included.'),
      failures: z.int().describe('Requests that failed since the last one that did not.'),
      error: stepErrorSchema.nullable().describe('Why the last request failed; null after one that did not.'),
    })
    .nullable()
    .describe('How the published poll fares; null for every other flow.'),
  subscription: z
    .object({
      status: z
        .enum(['registering', 'active', 'waiting', 'failed', 'removing'])
        .describe(
          '`registering`: the provider is being asked. `waiting`: for its connection, or for the app to be set up. `failed`: asked again at `nextAt`. `removing`: being taken back after the flow went off the air.',
        ),
      app: z.string().describe('What the app is called that sends the events.'),
      connection: z.string().describe('Slug of the connection.'),
      registeredAt: timestampSchema.nullable().describe('When the provider agreed; null while it did not.'),
      expiresAt: timestampSchema
        .nullable()
        .describe('When it ends unless it is renewed, which happens ahead of that; null for never.'),
      nextAt: timestampSchema.nullable().describe('When the provider is asked next; null for never.'),
      fault: stepErrorSchema.nullable().describe('Why it is not active, or could not be renewed so far.'),
    })
    .nullable()
    .describe('How far a provider sends the events of the published trigger; null for every other flow.'),
  updatedAt: timestampSchema,
  updatedBy: z.string().nullable(),
  createdAt: timestampSchema,
  runs24h: z.object({ total: z.int(), failed: z.int() }).describe('Runs of the last 24 hours.'),
});
export const flowListSchema = listSchema(flowSummarySchema);

export const publishRequestSchema = z.strictObject({
  note: z
    .string()
    .max(2_000)
    .optional()
    .meta({ examples: ['Send gift orders too'] }),
});
export const publishReplySchema = z.object({ version: z.int(), hookUrl: z.string().nullable() });

export const flowVersionSchema = z.object({
  version: z.int(),
  createdAt: timestampSchema,
  createdBy: z.string().nullable(),
  note: z.string(),
  published: z.boolean(),
});
export const flowVersionListSchema = listSchema(flowVersionSchema);
export const flowVersionDetailSchema = flowVersionSchema.extend({ document: flowDocumentSchema });

/** The number of a version: 1 and up, within what the database's integer holds. */
export const versionNumberSchema = z
  .int()
  .min(1)
  .max(2_147_483_647)
  .meta({ examples: [3] });

const countSchema = z.int().min(0);

/** A flow's runs that have not ended, by the version that each finishes on, newest first. */
export const openRunsSchema = z.object({
  data: z.array(
    z.object({
      version: z.int().nullable().describe('Null for runs of drafts.'),
      queued: countSchema,
      running: countSchema,
      waiting: countSchema,
      inDoubt: countSchema,
      waitingAt: z
        .array(
          z.object({
            nodeId: z.string(),
            waitingFor: stepSchema.shape.waitingFor.unwrap(),
            runs: countSchema.describe('A run that waits in several places counts in each.'),
          }),
        )
        .describe('Where the waiting runs stand, most runs first.'),
    }),
  ),
});

/** Publishes the document of an earlier version as a new version. */
export const rollbackRequestSchema = z.strictObject({
  version: versionNumberSchema,
  note: z.string().max(2_000).optional(),
});

export const startRunRequestSchema = z.strictObject({
  input: jsonSchema.default({}).meta({ examples: [{ order: 1042 }] }),
  version: z.union([z.enum(['draft', 'latest']), versionNumberSchema]).default('latest'),
  wait: z
    .number()
    .min(0)
    .max(120)
    .default(0)
    .describe('Seconds to wait for the end before replying; 0 replies at once.'),
  pins: pinsSchema
    .default({})
    .describe('Of a draft: steps that are not carried out and answer with this, by node id.'),
  upTo: nodeIdSchema.optional().describe('Of a draft: run what leads to this node, and the node.'),
  only: nodeIdSchema
    .optional()
    .describe(
      'Of a draft: as `upTo`, but no step before this node may call anything: each answers by `pins` or `dataOf`.',
    ),
  dataOf: z
    .uuid()
    .optional()
    .describe(
      'With `only`: a run of this flow. Steps before the node that are not pinned answer as they did there.',
    ),
});

export const flowListQuerySchema = listQuerySchema.extend({
  q: z.string().max(200).optional().describe("Text in the flow's slug, name or description."),
  sort: z
    .enum(['updated', 'slug'])
    .default('updated')
    .describe(
      '`updated`: last edited first. `slug`: by slug, an order that no edit changes, for walks over every flow.',
    ),
});

export const statsQuerySchema = z.object({
  from: timestampSchema
    .optional()
    .describe('Start of the window, inclusive. Default: 24 hours before its end.'),
  to: timestampSchema.optional().describe('End of the window, exclusive. Default: now, open.'),
});

/** Milliseconds; null while there is nothing to measure. */
export const percentilesSchema = z.object({
  p50: z.number().nullable(),
  p95: z.number().nullable(),
  p99: z.number().nullable(),
});

/** `accepted` is always the sum of `runs` plus `deduplicated`. */
export const flowStatsSchema = z.object({
  from: timestampSchema,
  to: timestampSchema.nullable(),
  accepted: z.int(),
  deduplicated: z.int().describe('Repeats of events that were first accepted in the window.'),
  runs: z
    .object({
      queued: z.int(),
      running: z.int(),
      waiting: z.int(),
      in_doubt: z.int(),
      succeeded: z.int(),
      failed: z.int(),
      cancelled: z.int(),
    })
    .describe('Runs accepted in the window, by their status now.'),
  successRate: z
    .number()
    .nullable()
    .describe('Succeeded among succeeded and failed, 0 to 1; null while no run ended so.'),
  toFirstStepMs: percentilesSchema.describe(
    'From acceptance to the start of the first step, in milliseconds.',
  ),
  runTimeMs: percentilesSchema.describe('From the start of a run to its end, in milliseconds.'),
});

export type FlowListQuery = z.output<typeof flowListQuerySchema>;
export type FlowStats = z.output<typeof flowStatsSchema>;
export type StatsQuery = z.output<typeof statsQuerySchema>;
export type FlowSummary = z.output<typeof flowSummarySchema>;
export type FlowVersion = z.output<typeof flowVersionSchema>;
export type FlowVersionDetail = z.output<typeof flowVersionDetailSchema>;
export type OpenRuns = z.output<typeof openRunsSchema>;
export type PublishReply = z.output<typeof publishReplySchema>;
export type StartRunRequest = z.output<typeof startRunRequestSchema>;
