import type { OpenRuns } from '#core/api/flows.ts';

type VersionRuns = OpenRuns['data'][number];

/**
 * What publishing means for runs that have not ended, a sentence for each version that they finish on: "3 runs finish on
 * version 4: 2 wait at Approval, 1 is under way".
 */
export function openRunsWords({ data }: OpenRuns, name: (nodeId: string) => string): string[] {
  return data.map((runs) => {
    const total = runs.queued + runs.running + runs.waiting + runs.inDoubt;
    const parts = [
      ...waitingParts(runs, name),
      ...(runs.running > 0 ? [`${runs.running} ${isOrAre(runs.running)} under way`] : []),
      ...(runs.queued > 0 ? [`${runs.queued} ${isOrAre(runs.queued)} queued`] : []),
      ...(runs.inDoubt > 0 ? [`${runs.inDoubt} ${isOrAre(runs.inDoubt)} in doubt`] : []),
    ];
    return `${total} ${total === 1 ? 'run finishes' : 'runs finish'} on ${onWhat(runs, total)}: ${parts.join(', ')}`;
  });
}

/** How many places are named; runs that wait elsewhere are counted together. */
const MOST_PLACES = 3;

function waitingParts({ waiting, waitingAt }: VersionRuns, name: (nodeId: string) => string): string[] {
  if (waiting === 0) return [];
  const shown = waitingAt.slice(0, MOST_PLACES);
  const elsewhere = waitingAt.length > MOST_PLACES || shown.length === 0;
  return [
    ...shown.map(({ nodeId, runs }) => `${runs} ${runs === 1 ? 'waits' : 'wait'} at ${name(nodeId)}`),
    ...(elsewhere ? [`${waiting} ${waiting === 1 ? 'waits' : 'wait'} in all`] : []),
  ];
}

function onWhat({ version }: VersionRuns, total: number): string {
  if (version !== null) return `version ${version}`;
  return `the draft that ${total === 1 ? 'it' : 'they'} began with`;
}

const isOrAre = (count: number) => (count === 1 ? 'is' : 'are');
