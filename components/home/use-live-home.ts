'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';

import { queryKeys } from '#components/api/query-keys.ts';
import { throttle } from '#components/api/throttle.ts';
import type { StreamState } from '#components/api/event-source.ts';
import { useEventStream } from '#components/api/use-event-stream.ts';

const REFRESH_MS = 2_000;
const KEYS = [queryKeys.deadLetters, queryKeys.approvals, queryKeys.runs];

/** Keeps what the home page tells of runs up to date while mounted; the rest is asked for every half minute. */
export function useLiveHome(): StreamState {
  const client = useQueryClient();
  const refresh = useMemo(
    () =>
      throttle(() => {
        for (const queryKey of KEYS) void client.invalidateQueries({ queryKey });
      }, REFRESH_MS),
    [client],
  );
  useEffect(() => () => refresh.cancel(), [refresh]);
  return useEventStream('/runs/stream', { onChange: refresh, onGap: refresh });
}
