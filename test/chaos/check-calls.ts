import type { Violation } from './check-records.ts';
import { groupBy } from './group-by.ts';
import type { Call, Passage, Records } from './records.ts';

/** Clocks of one machine, read by several processes. */
const TOLERANCE_MS = 100;

/**
 * A step is called again only while its success is not on record, and only because its last call was refused, got no
 * answer or a late one, or had its worker killed. A call that must be made once is never made again.
 */
export function checkCalls(records: Records): Violation[] {
  const finishedAt = new Map(
    records.steps
      .filter(({ status }) => status === 'succeeded')
      .map((step) => [stepName(step), step.finishedAt ?? Infinity]),
  );
  const violations: Violation[] = [];
  for (const [name, passages] of groupBy(records.passages, stepName)) {
    const inOrder = [...passages].sort((one, other) => one.at - other.at);
    const last = inOrder.at(-1);
    const finished = finishedAt.get(name) ?? Infinity;
    if (last && last.at > finished + TOLERANCE_MS)
      violations.push({
        kind: 'repeated_when_done',
        about: `${name}: ${last.at - finished} ms after its success`,
      });
    inOrder.slice(1).forEach((passage, index) => {
      if (!mayBeRepeated(inOrder[index], passage, records))
        violations.push({ kind: 'unexplained_repeat', about: `${name} at ${passage.at}` });
    });
  }
  return [...violations, ...onceRepeated(records.calls)];
}

function mayBeRepeated(before: Passage | undefined, again: Passage, { kills, timeouts }: Records): boolean {
  if (!before) return true;
  if (before.deliveredAt === null || before.status !== 200) return true;
  const isBetween = ({ at }: { readonly at: number }) =>
    at >= before.at - TOLERANCE_MS && at <= again.at + TOLERANCE_MS;
  // On a machine that stands still the reply may come after the attempt's time.
  const isLate = timeouts.some((timeout) => stepName(timeout) === stepName(before) && isBetween(timeout));
  return isLate || kills.some((kill) => kill.target === 'worker' && isBetween(kill));
}

function onceRepeated(calls: readonly Call[]): Violation[] {
  const once = groupBy(
    calls.filter(({ end }) => end === 'c'),
    stepName,
  );
  return [...once]
    .filter(([, made]) => made.length > 1)
    .map(([name, made]) => ({ kind: 'once_repeated', about: `${name}: ${made.length} calls` }));
}

export function stepName({ run, node, item }: { run: string; node: string; item: string }): string {
  return `${run} ${node} ${item}`;
}
