import type { Step, StepStatus } from '#core/api/runs.ts';
import type { StepError } from '#core/step-failure.ts';

/** What a run has made of one node, as the read-only canvas shows it. */
export interface NodeRunState {
  readonly status: StepStatus | 'queued';
  /** Attempts begun so far. */
  readonly attempts: number;
  /** Milliseconds from the first attempt to the end, or to now; null before the start. */
  readonly durationMs: number | null;
  /** ISO 8601; while the step waits for another attempt. */
  readonly nextAttemptAt: string | null;
  /** What it waits for; null while it does not. */
  readonly waitingFor?: Step['waitingFor'];
  /** True where a replay took the step over: it did not run again. */
  readonly isReused?: boolean;
  /** True where it answered with a pin: it was not carried out. */
  readonly isPinned?: boolean;
  /** Instead of a time and attempts, for what ran many times: how far it has come, in words. */
  readonly progress?: string;
  /** Ports that were followed; undefined while the step goes on. */
  readonly ports?: readonly string[];
  /** How often each port was followed, by its name, as far as that is known. */
  readonly followed?: Readonly<Record<string, number>>;
  readonly error?: StepError | null;
  /** Beside another run: that the two part here, or that something differs. */
  readonly mark?: 'parts' | 'differs';
}
