import { z } from 'zod';

import { STATS_RANGE_NAMES } from '../stats/time-points.ts';
import { timestampSchema } from './common.ts';
import { percentilesSchema } from './flows.ts';

export const dashboardQuerySchema = z.object({
  flow: z
    .string()
    .max(63)
    .optional()
    .describe('Slug of a flow, also of one that was deleted. Default: all flows.'),
  range: z.enum(STATS_RANGE_NAMES).default('24h').describe('How far back, from now.'),
  timezone: z
    .string()
    .max(60)
    .default('UTC')
    .refine(isTimeZone, 'A time zone has a name such as Europe/Berlin.')
    .describe('Days begin at midnight of this time zone, also where its clocks change.')
    .meta({ examples: ['Europe/Berlin'] }),
});

const measured = {
  accepted: z.int().describe('Runs that were accepted in this time, however they were started.'),
  succeeded: z.int().describe('Runs that ended so in this time, whenever they were accepted.'),
  failed: z.int().describe('The same of failed ones. Each became a dead letter.'),
  cancelled: z.int(),
  retries: z.int().describe('Attempts after the first, of the steps of the runs that ended in this time.'),
  toFirstStepMs: percentilesSchema.describe(
    'From acceptance to the start of the first step, in milliseconds.',
  ),
  runTimeMs: percentilesSchema.describe('From the start of a run to its end, in milliseconds.'),
};

/** Counts and times of a stretch of time. */
export const statsSchema = z.object(measured);

export const dashboardSchema = z.object({
  from: timestampSchema,
  to: timestampSchema,
  countedUntil: timestampSchema
    .nullable()
    .describe(
      'Until when everything is counted; later runs are in it, too, but for those of the last seconds. Null before anything was.',
    ),
  total: statsSchema,
  before: statsSchema.describe('The time before it, as long.'),
  points: z
    .array(z.object({ from: timestampSchema, to: timestampSchema, ...measured }))
    .describe('The parts of the time, oldest first; they follow each other without gaps.'),
  flows: z
    .array(
      z.object({
        flow: z.string(),
        flowName: z.string(),
        accepted: z.int(),
        succeeded: z.int(),
        failed: z.int(),
        cancelled: z.int(),
        retries: z.int(),
      }),
    )
    .describe('The same by flow, busiest first, 100 at most; empty when a flow was asked for.'),
  steps: z
    .array(z.object({ nodeId: z.string(), label: z.string(), times: z.int(), timeMs: percentilesSchema }))
    .describe('How long each step of the flow took, slowest first; empty when no flow was asked for.'),
  now: z
    .object({
      due: z.int().describe('Runs that are due and that no worker has taken.'),
      oldestMs: z.number().describe('For how long the first of them has been due; 0 when there is none.'),
      running: z.int(),
      waiting: z.int(),
      inDoubt: z.int(),
      deadLetters: z.int().describe('Open ones.'),
    })
    .describe('How it is just now.'),
});

export type DashboardQuery = z.output<typeof dashboardQuerySchema>;
export type Dashboard = z.output<typeof dashboardSchema>;
export type Stats = z.output<typeof statsSchema>;

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
