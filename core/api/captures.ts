import { z } from 'zod';

import { jsonSchema } from '../flow-document.ts';
import { timestampSchema } from './common.ts';

export const startCaptureSchema = z.strictObject({
  seconds: z.int().min(5).max(600).default(120).describe('How long to wait for a delivery.'),
});

export const captureSchema = z.object({
  id: z.uuid(),
  status: z
    .enum(['waiting', 'captured', 'expired'])
    .describe('`expired`: none came in time. Begin another to go on waiting.'),
  hookUrl: z
    .string()
    .nullable()
    .describe('Where to send it; null for a trigger that its app sends to by itself.'),
  expiresAt: timestampSchema,
  event: jsonSchema.describe('What expressions see as `trigger`; null until one came.'),
  runId: z.uuid().nullable().describe('The run of the event; null for a flow that is not published.'),
  refusal: z
    .object({
      status: z.int().describe('What it would be answered by the flow as it is judged.'),
      message: z.string(),
      at: timestampSchema,
    })
    .nullable()
    .describe('Why the latest delivery was not taken.'),
});

export type Capture = z.output<typeof captureSchema>;
export type StartCapture = z.output<typeof startCaptureSchema>;
