import { settleFailure } from '#core/settle-failure.ts';
import { StepFailure, type StepError } from '#core/step-failure.ts';

/** The failure of work that must fail as steps do. */
export async function failureOf(work: Promise<unknown>): Promise<StepError> {
  const thrown: unknown = await work.then(
    (value) => new Error(`it did not fail but gave ${JSON.stringify(value)}`),
    (error: unknown) => error,
  );
  if (thrown instanceof StepFailure) return thrown.error;
  throw thrown;
}

/** What the product makes of a failure of a call that must not be made twice. */
export function fateOf(error: StepError): string {
  return settleFailure({ node: {}, effect: 'once', attempt: 1, error, random: 0.5, now: 0 }).status;
}
