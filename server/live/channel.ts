import { z } from 'zod';

import { presenceSchema } from '#core/api/flow-live.ts';
import { runStatusSchema } from '#core/api/runs.ts';

/** A Postgres channel on which processes tell each other what changed: ids and states, never data. */
export interface Channel<T> {
  readonly name: string;
  /** What one notification carries. */
  readonly notices: z.ZodType<readonly T[]>;
}

/** Postgres refuses a payload of 8,000 bytes. */
export const MAX_PAYLOAD_BYTES = 7_900;

const runNoticeSchema = z.object({
  id: z.uuid(),
  workspaceId: z.uuid(),
  /** The flow's slug. */
  flow: z.string(),
  status: runStatusSchema,
});
/** A run that changed. */
export type RunNotice = z.output<typeof runNoticeSchema>;

export const RUN_CHANNEL: Channel<RunNotice> = {
  name: 'patchbay_run',
  notices: z.array(runNoticeSchema),
};

const place = { workspaceId: z.uuid(), flow: z.string() };
const flowNoticeSchema = z.discriminatedUnion('kind', [
  /** Somebody has the flow open; said again every few seconds. */
  z.object({ kind: z.literal('here'), ...place, person: presenceSchema }),
  /** Somebody selected other nodes; `person` says only what the process that was told knows. */
  z.object({ kind: z.literal('selected'), ...place, person: presenceSchema.omit({ name: true }) }),
  z.object({ kind: z.literal('gone'), ...place, person: presenceSchema.pick({ tab: true, userId: true }) }),
  /** Somebody new asks who is here. */
  z.object({ kind: z.literal('who'), ...place }),
  z.object({ kind: z.literal('draft'), ...place, etag: z.string(), userId: z.uuid().nullable() }),
  z.object({ kind: z.literal('version'), ...place, version: z.int().nullable() }),
  /** Something became of a wait for an event. */
  z.object({ kind: z.literal('capture'), ...place, id: z.uuid() }),
]);
/** What happens around an open flow. */
export type FlowNotice = z.output<typeof flowNoticeSchema>;

export const FLOW_CHANNEL: Channel<FlowNotice> = {
  name: 'patchbay_flow',
  notices: z.array(flowNoticeSchema),
};

/** All channels; a process listens to each on one connection. */
export const CHANNELS = [RUN_CHANNEL, FLOW_CHANNEL] as const;
