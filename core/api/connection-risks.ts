import { z } from 'zod';

import { slugSchema } from '../flow-document.ts';
import { timestampSchema } from './common.ts';

export const connectionRiskSchema = z.object({
  code: z
    .enum(['reconnect', 'pending', 'ends', 'unrenewed'])
    .describe(
      '`reconnect`: its access was taken back, or has ended. `pending`: nobody has connected it yet. `ends`: its access ends within 7 days, and nothing renews it. `unrenewed`: renewals fail.',
    ),
  message: z.string().describe('What is wrong, and since when, in plain words.'),
  at: timestampSchema.nullable().describe('When it began; of `ends`, when its access ends.'),
});

/** A connection that needs somebody now, or will within 7 days. */
export const connectionAtRiskSchema = z.object({
  slug: slugSchema,
  name: z.string(),
  connector: z.string(),
  risks: z.array(connectionRiskSchema).describe('One at least; the first is the gravest.'),
  flows: z.array(slugSchema).describe('The flows whose published version uses it.'),
  waitingSteps: z.int().describe('Steps that wait for it.'),
});
export const connectionAtRiskListSchema = z.object({ data: z.array(connectionAtRiskSchema) });

export type ConnectionRisk = z.output<typeof connectionRiskSchema>;
export type ConnectionAtRisk = z.output<typeof connectionAtRiskSchema>;
