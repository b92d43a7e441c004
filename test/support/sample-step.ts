import type { Step } from '#core/api/runs.ts';

/** A step of a run as the API shows it, outside of loops; succeeded within a second unless `more` says otherwise. */
export function sampleStep(nodeId: string, more: Partial<Step> = {}): Step {
  return {
    nodeId,
    key: '',
    status: 'succeeded',
    ports: ['out'],
    startedAt: '2026-01-01T00:00:00.000Z',
    finishedAt: '2026-01-01T00:00:01.000Z',
    nextAttemptAt: null,
    attempts: [],
    input: null,
    output: null,
    error: null,
    waitingFor: null,
    logs: [],
    calledRunId: null,
    approvalId: null,
    isReused: false,
    ...more,
  };
}
