import type { FlowDocument } from '#core/flow-document.ts';
import { businessKeyOf } from '#server/runs/business-key-of.ts';
import { concurrencyOf, type RunConcurrency } from '#server/runs/concurrency-of.ts';
import type { ManualEvent } from '#server/runs/manual-event.ts';
import { triggerValue, type TriggerEvent } from '#server/runs/trigger-value.ts';

/** What a run keeps of its event by the settings of its flow. */
export interface RunKeys {
  /** As `concurrencyOf` makes it. */
  readonly concurrency: RunConcurrency | null;
  /** As `businessKeyOf` makes it. */
  readonly businessKey: string | null;
}

/** The keys for an event that is about to be stored with `insertRun`: by hand, called, on a schedule, polled. */
export function keysOfEvent(
  document: Pick<FlowDocument, 'settings'>,
  event: ManualEvent,
  flow: FlowFacts,
): Promise<RunKeys> {
  return keysOfStored(document, { ...event, receivedAt: new Date() }, flow);
}

/** The keys for an event that came before: of a replay, and of what leaves the quarantine. Null is a run without an event. */
export async function keysOfStored(
  { settings }: Pick<FlowDocument, 'settings'>,
  event: TriggerEvent | null,
  { slug, version }: FlowFacts,
): Promise<RunKeys> {
  const given = { trigger: () => event && triggerValue(event), flow: { slug, version } };
  return {
    concurrency: await concurrencyOf(settings, given),
    businessKey: await businessKeyOf(settings, given),
  };
}

/** What expressions see as `flow`. */
interface FlowFacts {
  readonly slug: string;
  readonly version: number | null;
}
