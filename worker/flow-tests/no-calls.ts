import { StepFailure } from '#core/step-failure.ts';
import type { StepServices } from '#worker/run-step.ts';

/** What steps of a rehearsal get instead of a way out: each call is refused, and no connection is opened. */
export const NO_CALLS: Pick<StepServices, 'callsOf' | 'openConnection'> = {
  callsOf: () => ({ http: refuse, dial: refuse, hold: null, close: () => undefined }),
  openConnection: () => refuse(),
};

function refuse(): Promise<never> {
  return Promise.reject(
    new StepFailure({ kind: 'invalid', code: 'no_calls', message: 'Tests of a flow call nobody.' }),
  );
}
