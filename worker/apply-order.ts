import { HURRIED_WAITS } from '#core/api/words.ts';
import type { StoredOrder } from '#server/sql/step-orders.ts';
import type { LiveStep } from '#worker/live-step.ts';
import { storableOrNull } from '#worker/storable.ts';

/** Does to a step what a person ordered; answers false where that is pointless by now. */
export function applyOrder(step: LiveStep, { kind, output }: StoredOrder, now: number): boolean {
  switch (kind) {
    case 'retry_now':
      if (step.status !== 'waiting' || !HURRIED_WAITS.includes(step.waitingFor)) return false;
      step.nextAttemptAt = Math.min(step.nextAttemptAt ?? now, now);
      step.isUrged = true;
      return true;
    case 'retry':
      if (step.status !== 'in_doubt') return false;
      step.status = 'waiting';
      step.waitingFor = 'retry';
      step.nextAttemptAt = now;
      step.isUrged = true;
      return true;
    case 'done':
      if (step.status !== 'in_doubt') return false;
      step.status = 'succeeded';
      step.ports = ['out'];
      step.output = output;
      step.outputText = storableOrNull(output);
      step.error = null;
      step.finishedAt = now;
      return true;
  }
}
