import type { FlowDocument } from '#core/flow-document.ts';
import { businessKeyOf } from '#server/runs/business-key-of.ts';
import { concurrencyOf, type RunConcurrency } from '#server/runs/concurrency-of.ts';
import type { ManualEvent } from '#server/runs/manual-event.ts';
import { triggerValue } from '#server/runs/trigger-value.ts';

/** What a run keeps of its event by the settings of its flow. */
export interface RunKeys {
  /** As `concurrencyOf` makes it. */
  readonly concurrency: RunConcurrency | null;
  /** As `businessKeyOf` makes it. */
  readonly businessKey: string | null;
}

/** The keys for an event that is about to be stored with `insertRun`: by hand, called, on a schedule, polled. */
export async function keysOfEvent(
  { settings }: Pick<FlowDocument, 'settings'>,
  event: ManualEvent,
  flow: { readonly slug: string; readonly version: number | null },
): Promise<RunKeys> {
  const given = { trigger: () => triggerValue({ ...event, receivedAt: new Date() }), flow };
  return {
    concurrency: await concurrencyOf(settings, given),
    businessKey: await businessKeyOf(settings, given),
  };
}
