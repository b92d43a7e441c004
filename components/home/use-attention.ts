'use client';

import { useAlerts } from '#components/api/alerts.ts';
import { useApprovals } from '#components/api/approvals.ts';
import { useAtRisk } from '#components/api/connections.ts';
import { useDeadLetterGroups } from '#components/api/dead-letters.ts';
import { useDrift } from '#components/api/drift.ts';
import { useFlows } from '#components/api/flows.ts';
import { useRuns } from '#components/api/runs.ts';

import { attentionKinds, type AttentionKind } from './attention-kinds.ts';

const IN_DOUBT = { status: ['in_doubt'] } as const;
const ALL = {};

export interface Attention {
  /** Undefined until all of it was read once. */
  readonly kinds: readonly AttentionKind[] | undefined;
  /** Why something could not be read. */
  readonly error: Error | null;
  readonly isFetching: boolean;
  readonly retry: () => void;
}

/** What needs somebody in this workspace, put together from the lists that other pages show. */
export function useAttention(): Attention {
  const alerts = useAlerts('open');
  const runs = useRuns(IN_DOUBT);
  const deadLetters = useDeadLetterGroups(ALL);
  const atRisk = useAtRisk();
  const flows = useFlows();
  const approvals = useApprovals('open');
  const drift = useDrift(null);
  const all = [alerts, runs, deadLetters, atRisk, flows, approvals, drift];
  const isComplete =
    alerts.data && runs.data && deadLetters.data && atRisk.data && flows.data && approvals.data && drift.data;
  return {
    kinds: isComplete
      ? attentionKinds({
          alerts: alerts.data.pages.flatMap(({ data }) => data),
          inDoubt: runs.data.pages.flatMap(({ data }) => data),
          hasMoreInDoubt: runs.hasNextPage,
          deadLetters: deadLetters.data,
          atRisk: atRisk.data,
          flows: flows.data,
          drift: drift.data.data,
          approvals: approvals.data.pages.flatMap(({ data }) => data),
        })
      : undefined,
    error: all.find(({ data, error }) => data === undefined && error !== null)?.error ?? null,
    isFetching: all.some((each) => each.isFetching),
    retry: () => void Promise.all(all.map((each) => each.refetch())),
  };
}
