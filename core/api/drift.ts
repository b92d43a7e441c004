import { z } from 'zod';

import { discardReasonSchema } from './dead-letters.ts';
import { listQuerySchema, listSchema, timestampSchema } from './common.ts';

const flowSchema = z
  .string()
  .max(63)
  .optional()
  .describe('Slug of a flow; absent for all of the workspace.')
  .meta({ examples: ['order-fan-out'] });

/** A setting that reads what is no longer as it was. */
export const brokenUseSchema = z.object({
  nodeId: z.string().nullable().describe('Null for a setting of the flow itself.'),
  label: z.string(),
  setting: z.string().describe('JSON pointer into the node, or into the settings of the flow.'),
  reads: z.string().describe('What it reads, for example `trigger.body.customer.email`.'),
});

/** A way in which what a flow gets is no longer as it was learned. */
export const driftChangeSchema = z.object({
  id: z.uuid(),
  flow: z.string(),
  flowName: z.string(),
  version: z.int(),
  nodeId: z.string().nullable().describe('The step whose output it is; null for the body of the trigger.'),
  nodeLabel: z.string(),
  kind: z.enum(['disappeared', 'retyped', 'nulled', 'added']),
  path: z
    .array(z.string())
    .describe('Names; `[]` goes into the items of a list, `{}` into the values of a map.'),
  expected: z.array(z.string()).describe('The types before, the most frequent first.'),
  found: z.array(z.string()).describe('The types now.'),
  renamedTo: z.string().nullable().describe('A new field beside it that looks the same.'),
  message: z.string(),
  firstSeenAt: timestampSchema,
  lastSeenAt: timestampSchema,
  seen: z.int().describe('Values with it among those that were looked at: a sample, where many come.'),
  breaks: z.array(brokenUseSchema).describe('Settings of that version that read it. None for a new field.'),
});
export const driftListSchema = z.object({ data: z.array(driftChangeSchema).describe('200 at most.') });
export const driftQuerySchema = z.object({ flow: flowSchema });
export const acceptDriftSchema = z.object({
  accepted: z.int().describe('Changes that are expected from now on.'),
});

/** An event that was stored without a run, because it was not as its trigger wants it. */
export const quarantinedEventSchema = z.object({
  id: z.uuid(),
  flow: z.string(),
  flowName: z.string().nullable().describe('Null for a flow that was deleted.'),
  receivedAt: timestampSchema,
  dedupeKey: z.string().nullable(),
  bytes: z.int(),
  reasons: z.array(z.object({ pointer: z.string(), message: z.string() })),
  preview: z.string().describe('The first 2,000 characters of the body, if it is text.'),
  canReplay: z.boolean().describe('Its flow is published.'),
  goesAt: timestampSchema
    .nullable()
    .describe('When it is removed for its age, unless somebody decides before. Null: never.'),
});
export const quarantineListSchema = listSchema(quarantinedEventSchema);
export const quarantineQuerySchema = listQuerySchema.extend({ flow: flowSchema });

const eventIds = z
  .array(z.uuid())
  .min(1)
  .max(200)
  .meta({ examples: [['0199c1f0-3b5e-7a5b-9d53-6f2f4f4f0c11']] });
export const replayQuarantinedSchema = z.strictObject({ eventIds });
export const replayedQuarantinedSchema = z.object({
  runs: z.array(z.object({ eventId: z.uuid(), runId: z.uuid() })),
  skipped: z
    .array(z.uuid())
    .describe('No longer in quarantine, discarded, or of a flow that is not published.'),
});
export const discardQuarantinedSchema = z.strictObject({
  eventIds,
  reason: discardReasonSchema.meta({ examples: ['A test of the shop'] }),
});
export const discardedQuarantinedSchema = z.object({ discarded: z.int() });

export type DriftChange = z.output<typeof driftChangeSchema>;
export type QuarantinedEvent = z.output<typeof quarantinedEventSchema>;
export type QuarantineQuery = z.output<typeof quarantineQuerySchema>;
export type ReplayedQuarantined = z.output<typeof replayedQuarantinedSchema>;
