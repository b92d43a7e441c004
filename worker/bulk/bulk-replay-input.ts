import type pg from 'pg';

import { evaluateExpression } from '#core/expression.ts';
import type { Json } from '#core/json.ts';
import { StepFailure } from '#core/step-failure.ts';
import { ProblemError } from '#server/problem.ts';
import { triggerValue } from '#server/runs/trigger-value.ts';
import type { DueBulkItem } from '#server/sql/bulk-work.ts';
import { readEvent } from '#server/sql/replay-rows.ts';

/**
 * The body that a bulk replay gives one run: its expression over that run's event. Throws `ProblemError` (422) when the
 * expression fails or yields nothing, and 409 when the event is no longer kept.
 */
export async function bulkReplayInput(
  client: pg.ClientBase,
  { eventId }: DueBulkItem,
  inputExpression: string,
): Promise<Json> {
  const event = eventId === null ? undefined : await readEvent(client, eventId);
  if (!event) throw refused(409, 'The event that this run began with is no longer kept.');
  const context = { trigger: triggerValue(event), steps: {} };
  const input = await evaluateExpression(inputExpression, context, '/inputExpression').catch(
    (error: unknown) => {
      throw error instanceof StepFailure ? refused(422, error.error.message) : error;
    },
  );
  if (input !== undefined) return input;
  throw refused(422, 'The expression yields nothing for this event; give what may be missing a default.');
}

function refused(status: number, detail: string): ProblemError {
  return new ProblemError({ status, code: 'input_expression', title: 'There is no new body', detail });
}
