import { z } from 'zod';

import { timestampSchema } from './common.ts';
import { stepErrorSchema } from './runs.ts';

/** What holds calls to a far end back, for a connection or, where steps call without one, for a host. */
export const breakerSchema = z.object({
  scope: z.string().describe('`connection:<slug>` or `host:<host:port>`.'),
  connection: z.string().nullable().describe('Slug of the connection.'),
  host: z.string().nullable(),
  state: z.enum(['closed', 'open', 'half_open']),
  reason: z.enum(['failures', 'throttled']).nullable(),
  failures: z.int().describe('Failures in a row.'),
  openedAt: timestampSchema.nullable(),
  pausedUntil: timestampSchema.nullable().describe('No call before this.'),
  lastError: stepErrorSchema.nullable(),
  waitingSteps: z.int().describe('Steps that wait for it.'),
  budget: z
    .object({ calls: z.int(), seconds: z.int(), waitingSteps: z.int() })
    .nullable()
    .describe('The rate budget of the connection.'),
});
/** Has a far end tried again now. */
export const closeBreakerSchema = z.strictObject({
  scope: z
    .string()
    .max(300)
    .describe('As the list names it.')
    .meta({ examples: ['connection:shop'] }),
});
export const breakerListSchema = z.object({ data: z.array(breakerSchema) });

export type Breaker = z.output<typeof breakerSchema>;
