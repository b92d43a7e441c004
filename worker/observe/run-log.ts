import { log } from '#server/log.ts';
import type { RunObserver } from './observer.ts';

/** Writes what runs come to into the log: failed ones always, all others and what their steps come to for `LOG_LEVEL=debug`. */
export const runLog: RunObserver = {
  taken: () => undefined,
  stepped(run, { step }) {
    if (!log.isLevelEnabled('debug') || step.status === 'running' || step.status === 'skipped') return;
    const { nodeId, key, status, attempts, waitingFor, error } = step;
    const at = { part: 'run', runId: run.id, flow: run.flowSlug, nodeId, ...(key !== '' && { key }) };
    log.debug(
      {
        ...at,
        status,
        attempt: attempts,
        ...(waitingFor && { waitingFor }),
        ...(error && { code: error.code }),
      },
      'a step was attempted',
    );
  },
  left(run, { status, error, finishedAt }) {
    if (finishedAt === undefined) return;
    const of = { part: 'run', runId: run.id, flow: run.flowSlug, version: run.versionNumber };
    // The code alone: a message may quote data.
    if (status === 'failed') log.info({ ...of, nodeId: error?.nodeId, code: error?.code }, 'a run failed');
    else log.debug({ ...of, status }, 'a run ended');
  },
};
