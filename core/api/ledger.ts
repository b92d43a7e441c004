import { z } from 'zod';

import { timestampSchema } from './common.ts';
import { runStatusSchema } from './runs.ts';

/** accepted = the runs of every status + removed + quarantined + deduplicated. */
export const ledgerLineSchema = z.object({
  flow: z.string().nullable().describe('Null for the workspace as a whole.'),
  flowName: z.string(),
  accepted: z.int().describe('Counted when each was accepted, apart from the rows that it is held against.'),
  runs: z.record(runStatusSchema, z.int()),
  removed: z.int().describe('Runs that the workspace keeps no longer.'),
  quarantined: z.int().describe('Events that broke their trigger’s schema, kept without a run.'),
  deduplicated: z.int(),
  drift: z.int().describe('accepted less all the others; anything but 0 is a fault.'),
});
/** Something in the rows that must not be. */
export const ledgerFaultSchema = z.object({
  code: z.string(),
  message: z.string(),
  count: z.int(),
  runIds: z.array(z.uuid()).describe('Examples, 10 at most.'),
});
export const ledgerSchema = z.object({
  at: timestampSchema,
  workspace: ledgerLineSchema,
  flows: z.array(ledgerLineSchema),
  faults: z.array(ledgerFaultSchema).describe('Empty while everything adds up.'),
});

export type LedgerLine = z.output<typeof ledgerLineSchema>;
export type LedgerFault = z.output<typeof ledgerFaultSchema>;
export type Ledger = z.output<typeof ledgerSchema>;
