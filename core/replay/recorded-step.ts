import type { StepStatus } from '../api/runs.ts';
import type { StepError } from '../step-failure.ts';

/** What the journal of a run that is over says of one step; without what the step was given and made. */
export interface RecordedStep {
  readonly nodeId: string;
  /** Loop path; empty outside loops. */
  readonly key: string;
  readonly status: StepStatus;
  readonly ports: readonly string[];
  readonly attempts: number;
  readonly error: Pick<StepError, 'kind' | 'code'> | null;
  /** Of a loop that had begun: true when an item that fails leaves the others going on. */
  readonly outlivesItems: boolean;
}
