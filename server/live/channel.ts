import { z } from 'zod';

import { runStatusSchema } from '#core/api/runs.ts';

/** The Postgres channel on which processes tell each other which runs changed. */
export const RUN_CHANNEL = 'patchbay_run';

/** Postgres refuses a payload of 8,000 bytes. */
export const MAX_PAYLOAD_BYTES = 7_900;

/** A run that changed, as processes tell each other: ids and status, never data. */
export const runNoticeSchema = z.object({
  id: z.uuid(),
  workspaceId: z.uuid(),
  /** The flow's slug. */
  flow: z.string(),
  status: runStatusSchema,
});
export type RunNotice = z.output<typeof runNoticeSchema>;

export const runNoticesSchema = z.array(runNoticeSchema);
