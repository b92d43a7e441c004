'use client';

import { useInfiniteQuery } from '@tanstack/react-query';

import type { jsonPartSchema } from '#core/api/run-parts.ts';
import type { CutValue } from '#core/api/runs.ts';

import { api, type Reply } from './client.ts';
import { queryKeys } from './query-keys.ts';

/** A large value of a run. */
export type LargeValue = Pick<CutValue, 'of' | 'node' | 'key'> & { readonly runId: string };

/** A part of a large value, some entries at a time. */
export function useValuePart({ runId, of, node, key }: LargeValue, pointer: string) {
  return useInfiniteQuery({
    queryKey: [...queryKeys.run(runId), 'part', of, node, key, pointer],
    queryFn: ({ pageParam, signal }) =>
      api.get<Reply<typeof jsonPartSchema>>(`/runs/${encodeURIComponent(runId)}/part`, {
        query: { of, node, key, pointer, from: pageParam },
        signal,
      }),
    initialPageParam: 0,
    getNextPageParam: ({ from, size, entries, text }) => {
      const next = from + (text === null ? entries.length : text.length);
      return next < size && next > from ? next : null;
    },
  });
}
