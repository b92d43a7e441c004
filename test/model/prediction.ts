import type { Json } from '#core/json.ts';

import type { Fault } from './act.ts';

/** A step as the model has it at the end of a run. */
export interface PredictedStep {
  readonly nodeId: string;
  /** Loop path. */
  readonly key: string;
  /** `unbegun`: it was never its turn, since its scope was stopped. */
  readonly status: 'succeeded' | 'failed' | 'skipped' | 'cancelled' | 'unbegun';
  readonly ports: readonly string[];
  readonly output: Json;
  readonly error: Fault | null;
  /** Attempts that it made. */
  readonly calls: number;
  /** Attempts that reached the far end. */
  readonly arrivals: number;
  /** True when the step's scope, or one around it, was stopped: by a failure, or with the run. */
  readonly wasStopped: boolean;
}

/** What a run comes to under one order of events. */
export interface Prediction {
  readonly status: 'succeeded' | 'failed';
  /** That of a run that succeeded. */
  readonly output: Json;
  readonly error: (Fault & { readonly nodeId: string }) | null;
  /** By `<node> <key>`. */
  readonly steps: ReadonlyMap<string, PredictedStep>;
  /** The undo steps, in no order, by `<node> <key>`. */
  readonly undone: ReadonlyMap<string, PredictedStep>;
  readonly compensation: 'undone' | 'partly_undone' | null;
}

export function stepName(nodeId: string, key: string): string {
  return `${nodeId} ${key}`;
}
