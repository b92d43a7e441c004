import type { RunServices } from '#connectors/contract.ts';
import { StepFailure } from '#core/step-failure.ts';
import type { AskingStep } from '#worker/run-step.ts';

/** What one attempt of a step may ask of its run. No operation that is registered asks for any of it yet. */
export function runServices(_step: AskingStep): RunServices {
  return { callFlow: refuse, ask: refuse, expire: refuse, runCode: refuse };
}

function refuse(): Promise<never> {
  const message = 'This version of Patchbay cannot do what the step asks.';
  return Promise.reject(new StepFailure({ kind: 'bug', code: 'not_available', message }));
}
