import { z } from 'zod';

import type { ActionDef, HandlerResult, StepContext } from '#connectors/contract.ts';
import { StepFailure } from '#core/step-failure.ts';

const MAX_SECONDS = 366 * 86_400;

/** Settings of `core.wait`. */
export const waitInput = z
  .strictObject({
    seconds: z.number().min(0).max(MAX_SECONDS).optional().meta({
      title: 'Seconds',
      help: 'How long to wait. Leave it empty to wait until a time.',
    }),
    until: z.union([z.string(), z.number()]).optional().meta({
      title: 'Until',
      help: 'A time such as 2026-12-24T18:00:00Z, or milliseconds since 1970. One that has passed does not wait.',
      placeholder: 'trigger.body.dueAt',
      widget: 'text',
    }),
  })
  .refine(({ seconds, until }) => (seconds === undefined) !== (until === undefined), {
    path: ['seconds'],
    message: 'say either how many seconds to wait or until when',
  });

/** Suspends the step until its time; the run holds no worker meanwhile. */
export function waitForTime(
  settings: z.output<typeof waitInput>,
  { now, resumed }: StepContext,
): HandlerResult {
  const until = resumed ? now : timeOf(settings, now);
  if (until > now) return { suspend: { for: 'time', until, state: null } };
  return { output: { resumedAt: new Date(now).toISOString() } };
}

function timeOf({ seconds, until }: z.output<typeof waitInput>, now: number): number {
  if (seconds !== undefined) return now + seconds * 1_000;
  const time = typeof until === 'number' ? until : parseTime(until ?? '');
  if (Number.isNaN(time) || Math.abs(time) > 8.64e15)
    throw invalid(`"${String(until)}" is not a time. Write it as 2026-12-24T18:00:00Z.`, '/config/until');
  if (time > now + MAX_SECONDS * 1_000)
    throw invalid(`"${String(until)}" is more than a year away.`, '/config/until');
  return time;
}

/** ISO 8601 alone; what else `Date.parse` takes depends on the machine. A time without a zone is UTC. */
function parseTime(text: string): number {
  const match = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/.exec(
    text.trim(),
  );
  if (!match) return NaN;
  return Date.parse(match[1] === undefined && text.trim().length > 10 ? `${text.trim()}Z` : text.trim());
}

function invalid(message: string, pointer: string): StepFailure {
  return new StepFailure({ kind: 'invalid', code: 'invalid_time', message, pointer });
}

export const wait: ActionDef = {
  kind: 'action',
  id: 'wait',
  version: 1,
  label: 'Wait',
  summary: 'Waits some seconds or until a time, without holding a worker.',
  icon: 'hourglass',
  // Nothing outside changes, but when it began to wait must survive a restart.
  effect: 'read',
  canWait: true,
  input: waitInput,
  output: z.object({ resumedAt: z.string() }),
  sample: { resumedAt: '2026-01-15T09:30:00.000Z' },
  initialConfig: { seconds: 60 },
};
