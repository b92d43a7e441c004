import type { FlowDocument } from '#core/flow-document.ts';

import type { Dice } from './dice.ts';
import type { Evidence } from './evidence.ts';
import type { FoundRun, FoundStep } from './found-run.ts';
import type { Happening, Schedule } from './interpreter.ts';
import { stepName } from './prediction.ts';

/** Lets things happen in the order in which the journal of a run has them; what happened in the same moment, in any. */
export function journalSchedule(
  { document, found, deaths }: Pick<Evidence, 'document' | 'found' | 'deaths'>,
  dice: Dice,
): Schedule {
  const loops = firstIterations(document, found);
  // Often the journal is right about every step at once.
  const guesses = dice.chance(0.5);
  const steps = new Map(
    [...found.steps].map(([name, step]) => [name, guesses ? guessAttempts(step, { deaths, dice }) : step]),
  );
  const nameOf = ({ nodeId, key }: Happening) => stepName(nodeId, key);
  return {
    pick: (happenings) => {
      const times = happenings.map((happening) => {
        const opened = happening.what === 'attempt_ends' ? loops.get(nameOf(happening)) : undefined;
        return opened ?? timeOf(happening, steps.get(nameOf(happening)));
      });
      const first = Math.min(...times);
      const tied = times.flatMap((time, place) => (time === first ? [place] : []));
      const begin = tied.filter((place) => happenings[place]?.what === 'begins');
      // Steps begin side by side, before any of them comes to its end.
      return dice.pick(begin.length > 0 && dice.chance(0.7) ? begin : tied);
    },
    isLost: (happening) => {
      const status = steps.get(nameOf(happening))?.status ?? 'absent';
      return deaths > 0 && (status === 'absent' || status === 'cancelled');
    },
    isSettledFirst: (happening) => {
      const status = steps.get(nameOf(happening))?.status;
      return status === 'succeeded' || status === 'failed';
    },
  };
}

/**
 * Where workers died, the journal may have more attempts than the model makes (those that died with their worker), or
 * fewer (those that were lost before they were written down, earlier than the others): only guesses tell.
 */
function guessAttempts(
  step: FoundStep,
  { deaths, dice }: { readonly deaths: number; readonly dice: Dice },
): FoundStep {
  if (deaths === 0 || step.startedAt === null || dice.chance(0.3)) return step;
  const keepsGone = dice.chance(0.5);
  const lost = { isGone: true, startedAt: step.startedAt, finishedAt: step.startedAt };
  const attemptTimes = [
    ...Array.from({ length: dice.int(0, Math.min(deaths, 3)) }, () => lost),
    ...step.attemptTimes.filter((attempt) => keepsGone || !attempt.isGone),
  ].map((attempt, place) => ({ ...attempt, number: place + 1 }));
  return { ...step, attempts: attemptTimes.length, attemptTimes };
}

/** When the journal says that it happened; never, for what it says did not. */
function timeOf({ what, call }: Happening, step: FoundStep | undefined): number {
  if (step === undefined) return Number.MAX_VALUE;
  // One without attempts was announced, and taken back before it began.
  if (what === 'begins') return (step.attempts > 0 ? step.startedAt : null) ?? Number.MAX_VALUE;
  const isOver = step.status === 'succeeded' || step.status === 'failed';
  const end = isOver ? (step.finishedAt ?? Number.MAX_VALUE) : Number.MAX_VALUE;
  if (what === 'loop_ends') return end;
  const attempt = step.attemptTimes.find(({ number }) => number === call);
  if (what === 'goes_on') {
    const next = step.attemptTimes.find(({ number }) => number === call + 1);
    return next?.startedAt ?? end;
  }
  if (attempt?.finishedAt != null) return Math.min(attempt.finishedAt, end);
  // In flight when its scope was stopped; what is around it goes on once it has settled.
  if (step.status === 'cancelled') return step.finishedAt ?? end;
  return step.attempts > call ? (step.startedAt ?? end) : end;
}

/** When the first iteration of each loop step began: it had begun itself by then. */
function firstIterations(document: FlowDocument, found: FoundRun): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  for (const step of found.steps.values()) {
    const loopId = document.nodes.find((node) => node.id === step.nodeId)?.parent;
    if (loopId === undefined || step.startedAt === null) continue;
    const name = stepName(loopId, step.key.split('.').slice(0, -1).join('.'));
    times.set(name, Math.min(times.get(name) ?? step.startedAt, step.startedAt));
  }
  return times;
}
