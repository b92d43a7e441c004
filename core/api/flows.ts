import { z } from 'zod';

import { flowDocumentSchema, jsonSchema, slugSchema } from '../flow-document.ts';
import { listSchema, timestampSchema } from './common.ts';

/** A flow in lists, and beside the canvas. */
export const flowSummarySchema = z.object({
  slug: slugSchema,
  name: z.string(),
  description: z.string(),
  /** Type of the trigger node, null while there is none. */
  trigger: z.string().nullable(),
  /** Number of the version that runs now; null when the flow is not published. */
  publishedVersion: z.int().nullable(),
  /** True when the draft differs from the published version (also when nothing is published). */
  draftChanged: z.boolean(),
  /** ETag of the draft, for `If-Match`. */
  etag: z.string(),
  /** URL that starts the flow; null unless its trigger is a webhook that was published once. */
  hookUrl: z.string().nullable(),
  updatedAt: timestampSchema,
  updatedBy: z.string().nullable(),
  createdAt: timestampSchema,
  /** Runs of the last 24 hours. */
  runs24h: z.object({ total: z.int(), failed: z.int() }),
});
export const flowListSchema = listSchema(flowSummarySchema);

export const publishRequestSchema = z.strictObject({ note: z.string().max(2_000).optional() });
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

/** Publishes the document of an earlier version as a new version. */
export const rollbackRequestSchema = z.strictObject({ version: z.int().min(1), note: z.string().max(2_000).optional() });

export const startRunRequestSchema = z.strictObject({
  input: jsonSchema.default({}),
  version: z.union([z.enum(['draft', 'latest']), z.int().min(1)]).default('latest'),
  /** Seconds to wait for the end before replying; 0 replies at once. */
  wait: z.number().min(0).max(120).default(0),
});

export type FlowSummary = z.output<typeof flowSummarySchema>;
export type FlowVersion = z.output<typeof flowVersionSchema>;
export type FlowVersionDetail = z.output<typeof flowVersionDetailSchema>;
export type PublishReply = z.output<typeof publishReplySchema>;
export type StartRunRequest = z.output<typeof startRunRequestSchema>;
