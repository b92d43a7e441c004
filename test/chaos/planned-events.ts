import { diceFor } from './chance.ts';
import { CHAOS_FLOWS } from './chaos-flows.ts';

/** One event that is sent until it is acknowledged. */
export interface PlannedEvent {
  /** The dedupe key of its flow. */
  readonly id: string;
  readonly flow: string;
  readonly number: number;
  /** Of the loop, for the flow that has one. */
  readonly items: readonly number[];
  /** Milliseconds after the start. */
  readonly dueMs: number;
}

/** The same events for the same seed, evenly over the time. */
export function planEvents(plan: {
  readonly seed: number;
  readonly seconds: number;
  readonly ratePerSecond: number;
}): readonly PlannedEvent[] {
  return Array.from({ length: Math.round(plan.seconds * plan.ratePerSecond) }, (_, number) => {
    const dice = diceFor(plan.seed, 'event', number);
    return {
      id: `e${plan.seed}-${number}`,
      flow: dice.pick(CHAOS_FLOWS).slug,
      number,
      items: Array.from({ length: dice.int(1, 3) }, (_item, index) => index),
      dueMs: (number * 1_000) / plan.ratePerSecond,
    };
  });
}
