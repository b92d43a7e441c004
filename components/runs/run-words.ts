import type { RunSummary } from '#core/api/runs.ts';

const STARTED_BY: Readonly<Record<RunSummary['startedBy'], string>> = {
  webhook: 'Webhook',
  manual: 'By hand',
  schedule: 'Schedule',
  poll: 'Poll',
  call: 'Another flow',
  failure: 'A failed run',
  replay: 'Replay',
};

/** What started a run, in a word or two. */
export function startedByInWords(startedBy: RunSummary['startedBy']): string {
  return STARTED_BY[startedBy];
}

/** `v3`, or `draft` for a run of one. */
export function versionInWords(version: number | null): string {
  return version === null ? 'draft' : `v${version}`;
}

/** True when nothing about a run can change by itself any more. */
export function isEnded(status: RunSummary['status']): boolean {
  return status === 'succeeded' || status === 'failed' || status === 'cancelled';
}

/** `once`, `twice`, `3 times`. */
export function timesInWords(count: number): string {
  if (count === 1) return 'once';
  return count === 2 ? 'twice' : `${count} times`;
}
