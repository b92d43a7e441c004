'use client';

import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

import type { replayPlanSchema } from '#core/api/replay.ts';
import type { ReplayRequest, ResolveRequest, ResumeRequest, RetryNowRequest } from '#core/api/replay.ts';
import type { Run } from '#core/api/runs.ts';

import { api, type Reply } from './client.ts';
import { queryKeys } from './query-keys.ts';

/** Which replay. What is absent is as the API has it: the original version, from the trigger, with the same event. */
export type ReplayChoice = Partial<Omit<ReplayRequest, 'dryRun'>>;

/** What a replay would do. Nothing happens; null asks nothing. */
export function useReplayPlan(runId: string, choice: ReplayChoice | null) {
  return useQuery({
    queryKey: queryKeys.replayPlan(runId, choice ?? {}),
    enabled: choice !== null,
    placeholderData: keepPreviousData,
    retry: false,
    queryFn: ({ signal }) =>
      api.post<Reply<typeof replayPlanSchema>>(
        `${pathOf(runId)}/replay`,
        { ...choice, dryRun: true },
        { signal },
      ),
  });
}

/** Starts a new run from an old one. The reply names it. */
export function useReplay(runId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (choice: ReplayChoice) => api.post<Pick<Run, 'id'>>(`${pathOf(runId)}/replay`, choice),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: queryKeys.run(runId) });
      await client.invalidateQueries({ queryKey: queryKeys.runs });
    },
  });
}

/** Lets a failed run go on from its failed step. */
export function useResume(runId: string) {
  return useRunCall<Partial<ResumeRequest>>(runId, 'resume');
}

/** Settles a step in doubt. */
export function useResolve(runId: string) {
  return useRunCall<Partial<ResolveRequest> & Pick<ResolveRequest, 'nodeId' | 'as'>>(runId, 'resolve');
}

/** Makes the next attempt of a step that waits for one due now. */
export function useRetryNow(runId: string) {
  return useRunCall<RetryNowRequest>(runId, 'retry');
}

/** Whatever the answer, what is shown of the run is read again: somebody else may have been faster. */
function useRunCall<T>(runId: string, call: 'resume' | 'resolve' | 'retry') {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (request: T) => api.post(`${pathOf(runId)}/${call}`, request),
    onSettled: async () => {
      await client.invalidateQueries({ queryKey: queryKeys.run(runId) });
      await client.invalidateQueries({ queryKey: queryKeys.deadLetters });
    },
  });
}

function pathOf(runId: string): string {
  return `/runs/${encodeURIComponent(runId)}`;
}
