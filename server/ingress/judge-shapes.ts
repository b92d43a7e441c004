import type { ReceivedEvent } from '#connectors/trigger-contract.ts';
import { noteRefused } from '#server/drift/note-refused.ts';
import { unusualParts } from '#server/drift/unusual-parts.ts';
import type { EventParts } from '#server/ingress/event-parts.ts';
import type { HookCase } from '#server/ingress/hook-case.ts';
import type { Mismatch } from '#server/ingress/schema-check.ts';

/** An event of a delivery, and in what it departs from what was learned. */
export interface JudgedEvent<Event extends ReceivedEvent> {
  readonly event: Event;
  readonly mismatches: readonly Mismatch[];
}

/** Tells apart which events of a provider's delivery a flow takes, some of them into quarantine, and which it refuses. */
export function judgeShapes<Event extends ReceivedEvent>(
  { hook, published }: Pick<HookCase, 'hook' | 'published'>,
  parts: EventParts,
  events: readonly Event[],
): { readonly taken: readonly JudgedEvent<Event>[]; readonly refused: readonly JudgedEvent<Event>[] } {
  const bodyOf = ({ body }: ReceivedEvent) => (body === undefined ? parts.body() : body);
  const { learned, trigger, versionNumber } = published;
  if (learned === null) return { taken: events.map((event) => ({ event, mismatches: [] })), refused: [] };
  const judged = events.map((event) => ({ event, mismatches: unusualParts(learned, bodyOf(event)) }));
  if (trigger.settings.onDrift !== 'reject') return { taken: judged, refused: [] };
  const refused = judged.filter(({ mismatches }) => mismatches.length > 0);
  for (const { event } of refused) noteRefused(hook, { version: versionNumber, body: bodyOf(event) });
  return { taken: judged.filter(({ mismatches }) => mismatches.length === 0), refused };
}
