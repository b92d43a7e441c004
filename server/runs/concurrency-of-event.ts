import type { FlowDocument } from '#core/flow-document.ts';
import { concurrencyOf, type RunConcurrency } from '#server/runs/concurrency-of.ts';
import type { ManualEvent } from '#server/runs/manual-event.ts';
import { triggerValue } from '#server/runs/trigger-value.ts';

/** `concurrencyOf` for an event that is about to be stored with `insertRun`: by hand, called, on a schedule, polled. */
export function concurrencyOfEvent(
  document: FlowDocument,
  event: ManualEvent,
  flow: { readonly slug: string; readonly version: number | null },
): Promise<RunConcurrency | null> {
  const trigger = () => triggerValue({ ...event, receivedAt: new Date() });
  return concurrencyOf(document.settings, { trigger, flow });
}
