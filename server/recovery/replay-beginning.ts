import type pg from 'pg';

import type { ReplayRequest } from '#core/api/replay.ts';
import type { JsonObject } from '#core/json.ts';
import { invalidAt } from '#server/flows/faults-problem.ts';
import { ProblemError } from '#server/problem.ts';
import { checkOverride } from '#server/recovery/check-override.ts';
import type { ReplayVersion } from '#server/recovery/pick-replay-version.ts';
import { replayEvent } from '#server/recovery/replay-event.ts';
import { keysOfStored, type RunKeys } from '#server/runs/keys-of-event.ts';
import type { ManualEvent } from '#server/runs/manual-event.ts';
import { readEvent, type OriginalRun } from '#server/sql/replay-rows.ts';

/** What a replay begins with. */
export interface ReplayBeginning extends RunKeys {
  /** The event that `input` makes; null where the original's is taken. */
  readonly newEvent: ManualEvent | null;
  /** Settings that a person gave steps. */
  readonly overrides: JsonObject | null;
}

/** Without `from`, `input` is the body of a new event; with it, the settings of that step. Throws 409 and 422. */
export async function replayBeginning(
  client: pg.ClientBase,
  original: OriginalRun,
  replay: { readonly version: ReplayVersion; readonly request: Pick<ReplayRequest, 'from' | 'input'> },
): Promise<ReplayBeginning> {
  const { version, request } = replay;
  const { from, input } = request;
  const event = original.eventId === null ? undefined : await readEvent(client, original.eventId);
  if (!event && (from !== undefined || input === undefined)) throw eventIsGone();
  const newEvent =
    from === undefined && input !== undefined ? replayEvent(version.document, event, input) : null;
  const begun = newEvent ? { ...newEvent, receivedAt: new Date() } : event;
  const flow = { slug: original.flow, version: version.number };
  return {
    newEvent,
    overrides: overridesOf(version, request),
    ...(await keysOfStored(version.document, begun ?? null, flow)),
  };
}

function overridesOf(
  { graph }: ReplayVersion,
  { from, input }: Pick<ReplayRequest, 'from' | 'input'>,
): JsonObject | null {
  if (from === undefined || input === undefined) return null;
  const planned = graph.nodes.get(from);
  if (!planned) return null;
  if (planned.kind === 'trigger')
    throw invalidAt('/from', 'is_trigger', 'To give the trigger another input, leave "from" out.');
  checkOverride(planned.node, input);
  return { [from]: input };
}

function eventIsGone(): ProblemError {
  return new ProblemError({
    status: 409,
    code: 'event_gone',
    title: 'The event is gone',
    detail: 'The event that this run began with is no longer kept. Give a body as "input", without "from".',
  });
}
