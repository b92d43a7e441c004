import { z } from 'zod';

import { readFieldPath } from '../pills/field-path.ts';
import { timestampSchema } from './common.ts';

const MAX_FIELDS = 50;

export const fieldsRequestSchema = z.strictObject({
  paths: z
    .array(
      z
        .string()
        .max(1_000)
        .refine((path) => readFieldPath(path) !== undefined, {
          error: 'This is no path into the event or a step, such as `trigger.body.id` or `steps.map.title`.',
        }),
    )
    .min(1)
    .max(MAX_FIELDS)
    .describe('Paths as expressions write them: `trigger.body.id`, `steps.map.title`.')
    .meta({ examples: [['trigger.body.id', 'steps.map.title']] }),
});

const momentSchema = z.object({ at: timestampSchema, runId: z.uuid() });

export const fieldHistorySchema = z.object({
  path: z.string(),
  lastSeen: momentSchema
    .nullable()
    .describe('The newest run whose data has the field; null when none of those looked at has it.'),
  missingSince: momentSchema
    .nullable()
    .describe(
      'The first run after that whose data lacks it; null when the newest data has it, or there is none.',
    ),
});

export const fieldsReplySchema = z.object({
  data: z.array(fieldHistorySchema).describe('In the order of the paths.'),
  runs: z.int().describe('How many of the newest runs were looked at.'),
});

export type FieldHistory = z.output<typeof fieldHistorySchema>;
export type FieldsReply = z.output<typeof fieldsReplySchema>;
