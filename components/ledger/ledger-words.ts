import type { Ledger, LedgerLine } from '#core/api/ledger.ts';

/** Runs that are not over. */
export function openRuns({ runs }: LedgerLine): number {
  return runs.queued + runs.running + runs.waiting + runs.in_doubt;
}

/** True while everything adds up and nothing was found that must not be. */
export function isSound({ workspace, flows, faults }: Ledger): boolean {
  return faults.length === 0 && [workspace, ...flows].every(({ drift }) => drift === 0);
}

/** What is wrong, in a sentence. */
export function troubleInWords(ledger: Ledger): string {
  const { workspace, flows, faults } = ledger;
  const drifting = flows.filter(({ drift }) => drift !== 0).length;
  const parts = [
    (workspace.drift !== 0 || drifting > 0) && driftInWords(workspace.drift),
    faults.length === 1 && '1 kind of fault was found in the records',
    faults.length > 1 && `${faults.length} kinds of faults were found in the records`,
  ].filter((part) => part !== false);
  return `${parts.join('; ')}.`;
}

/** `3 accepted events are not accounted for`. */
export function driftInWords(drift: number): string {
  if (drift === 0) return 'The flows do not add up, each on its own';
  const count = Math.abs(drift).toLocaleString('en');
  if (drift > 0)
    return drift === 1
      ? '1 accepted event is not accounted for'
      : `${count} accepted events are not accounted for`;
  return drift === -1
    ? 'There is 1 run more than was accepted'
    : `There are ${count} runs more than were accepted`;
}
