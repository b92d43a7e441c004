import { z } from 'zod';

import { timestampSchema } from './common.ts';
import { MIN_AUDIT_DAYS, MIN_QUARANTINE_DAYS } from './words.ts';

const MAX_DAYS = 3_650;

const days = (min: number, what: string) =>
  z.int().min(min).max(MAX_DAYS).nullable().describe(`${what} Null: for ever.`);

/** How long a workspace keeps what is over. */
export const retentionSchema = z.strictObject({
  succeededDays: days(1, 'Days after which runs go that succeeded or were cancelled.'),
  failedDays: days(
    1,
    'Days after which failed runs go whose dead letter was redriven or discarded, and quarantined events that were discarded.',
  ),
  quarantineDays: days(
    MIN_QUARANTINE_DAYS,
    'Days after which quarantined events go that nobody has decided on.',
  ),
  auditDays: days(MIN_AUDIT_DAYS, 'Days after which entries of the audit log go.'),
});
export const putRetentionSchema = retentionSchema
  .extend({ quarantineDays: retentionSchema.shape.quarantineDays.default(null) })
  .meta({ examples: [{ succeededDays: 30, failedDays: 90, quarantineDays: 365, auditDays: null }] });
export const retentionStateSchema = z.object({
  ...retentionSchema.shape,
  checkedAt: timestampSchema.nullable().describe('When old rows were last looked for.'),
  undecidedRemoved: z
    .int()
    .describe('Quarantined events that nobody had decided on and that were removed for their age, so far.'),
  undecidedRemovedAt: timestampSchema.nullable().describe('When the last of them went.'),
});

const queryDays = (min: number) => z.coerce.number().int().min(min).max(MAX_DAYS).optional();
export const retentionPreviewQuerySchema = z.object({
  succeededDays: queryDays(1),
  failedDays: queryDays(1),
  quarantineDays: queryDays(MIN_QUARANTINE_DAYS),
  auditDays: queryDays(MIN_AUDIT_DAYS),
});
/** About what would go. */
export const retentionPreviewSchema = z.object({
  succeededRuns: z.int(),
  failedRuns: z.int(),
  auditEntries: z.int(),
  undecidedEvents: z.int().describe('Quarantined events that nobody has decided on.'),
  discardedEvents: z.int().describe('Quarantined events that were discarded.'),
  openDeadLetters: z.int().describe('Failed runs of that age that stay, because nobody has dealt with them.'),
});

export type Retention = z.output<typeof retentionSchema>;
export type RetentionState = z.output<typeof retentionStateSchema>;
export type RetentionPreview = z.output<typeof retentionPreviewSchema>;
