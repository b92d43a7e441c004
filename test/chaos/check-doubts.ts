import { stepName } from './check-calls.ts';
import type { Violation } from './check-records.ts';
import { groupBy } from './group-by.ts';
import type { Doubt, Passage, Records } from './records.ts';

const TOLERANCE_MS = 100;

/**
 * A call that must be made once stands in doubt exactly where nobody can know: its reply was lost on the way, or its
 * worker was killed during the call.
 */
export function checkDoubts({ passages, doubts, kills }: Records): Violation[] {
  const passagesOf = groupBy(
    passages.filter(({ end }) => end === 'c'),
    stepName,
  );
  const doubtOf = new Map(doubts.map((doubt) => [stepName(doubt), doubt]));

  const isExplained = (doubt: Doubt): boolean => {
    if (doubt.code !== 'worker_gone') return (passagesOf.get(stepName(doubt)) ?? []).some(isUnanswered);
    return kills.some(
      ({ target, at }) =>
        target === 'worker' && at >= doubt.startedAt - TOLERANCE_MS && at <= doubt.finishedAt + TOLERANCE_MS,
    );
  };
  const unexplained = doubts
    .filter((doubt) => !isExplained(doubt))
    .map((doubt): Violation => ({ kind: 'unexplained_doubt', about: `${stepName(doubt)}: ${doubt.code}` }));
  const missing = [...passagesOf]
    .filter(([name, made]) => made.some(isUnanswered) && !doubtOf.has(name))
    .map(([name]): Violation => ({ kind: 'doubt_missing', about: name }));
  return [...unexplained, ...missing];
}

function isUnanswered({ deliveredAt }: Passage): boolean {
  return deliveredAt === null;
}
