import type { StepStatus } from '../api/runs.ts';
import type { Json } from '../json.ts';
import type { StepError } from '../step-failure.ts';
import type { Pin, PinnedAnswer, Pins } from './pin.ts';

/** What the journal says of a step. */
export interface AnsweredStep {
  readonly nodeId: string;
  /** Loop path; empty outside loops. */
  readonly key: string;
  readonly status: StepStatus;
  readonly ports: readonly string[];
  readonly output: Json;
  readonly error: StepError | null;
}

/** Pins that answer as these steps did; those that came to no answer, such as skipped ones, are left out. */
export function pinsOfSteps(steps: Iterable<AnsweredStep>): Pins {
  const pins: Record<string, Pin> = {};
  const items: Record<string, Record<string, PinnedAnswer>> = {};
  for (const step of steps) {
    const answer = answerOfStep(step);
    if (!answer) continue;
    if (step.key === '') pins[step.nodeId] = answer;
    else (items[step.nodeId] ??= {})[step.key] = answer;
  }
  for (const [nodeId, answers] of Object.entries(items)) pins[nodeId] ??= { items: answers };
  return pins;
}

function answerOfStep({ status, ports, output, error }: AnsweredStep): PinnedAnswer | undefined {
  if (status === 'succeeded') return isOut(ports) ? { output } : { output, ports: [...ports] };
  if (status !== 'failed' || !error) return undefined;
  const { kind, code, message, detail } = error;
  return { error: { kind, code, message, ...(detail !== undefined && { detail }) } };
}

function isOut(ports: readonly string[]): boolean {
  return ports.length === 1 && ports[0] === 'out';
}
