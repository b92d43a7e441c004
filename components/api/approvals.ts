'use client';

import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';

import type {
  approvalListSchema,
  approvalSchema,
  ApprovalListQuery,
  DecisionRequest,
} from '#core/api/approvals.ts';

import { api, type Reply } from './client.ts';
import { queryKeys } from './query-keys.ts';
import { throttle } from './throttle.ts';
import type { StreamState } from './event-source.ts';
import { useEventStream } from './use-event-stream.ts';

const REFRESH_MS = 500;
/** The sidebar is on every page: a stream of its own would use up the browser's connections. */
const COUNT_EVERY_MS = 20_000;
/** More than these are counted as `99+`. */
const COUNTED = 100;

export type ApprovalState = NonNullable<ApprovalListQuery['status']>;

/** Questions that wait, or those that are closed, newest first, a page at a time. */
export function useApprovals(status: ApprovalState) {
  return useInfiniteQuery({
    queryKey: queryKeys.approvalList(status),
    queryFn: ({ pageParam, signal }) =>
      api.get<Reply<typeof approvalListSchema>>('/approvals', {
        query: { status, limit: 50, cursor: pageParam },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
}

/** How many questions wait for the one who is signed in; 100 stands for that many or more. */
export function useOpenApprovals() {
  return useQuery({
    queryKey: queryKeys.approvalCount,
    queryFn: async ({ signal }) => {
      const query = { status: 'open', limit: COUNTED };
      const page = await api.get<Reply<typeof approvalListSchema>>('/approvals', { query, signal });
      return page.data.filter(({ canDecide }) => canDecide).length;
    },
    refetchInterval: COUNT_EVERY_MS,
  });
}

/** One question. */
export function useApproval(id: string) {
  return useQuery({
    queryKey: queryKeys.approval(id),
    queryFn: ({ signal }) =>
      api.get<Reply<typeof approvalSchema>>(`/approvals/${encodeURIComponent(id)}`, { signal }),
  });
}

export interface DecisionListener {
  readonly onDecided: (decision: DecisionRequest['decision']) => void;
  readonly onFailed: (error: Error) => void;
}

/**
 * Approves or rejects. Whatever the answer, what is shown is read again: somebody else may have been faster. The listener
 * is told also when the question has left the page meanwhile.
 */
export function useDecide(id: string, { onDecided, onFailed }: DecisionListener) {
  const client = useQueryClient();
  return useMutation({
    onSuccess: (_reply, { decision }: DecisionRequest) => onDecided(decision),
    onError: onFailed,
    mutationFn: (decision: DecisionRequest) =>
      api.post<Reply<typeof approvalSchema>>(`/approvals/${encodeURIComponent(id)}/decide`, decision),
    onSettled: () => client.invalidateQueries({ queryKey: queryKeys.approvals }),
  });
}

/** Keeps all that is shown of approvals up to date while mounted: a question comes and goes with a change of its run. */
export function useLiveApprovals(): StreamState {
  const client = useQueryClient();
  const refresh = useMemo(
    () => throttle(() => void client.invalidateQueries({ queryKey: queryKeys.approvals }), REFRESH_MS),
    [client],
  );
  useEffect(() => () => refresh.cancel(), [refresh]);
  return useEventStream('/runs/stream', { onChange: refresh, onGap: refresh });
}
