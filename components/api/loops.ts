'use client';

import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';

import type { iterationListSchema, iterationStepsSchema, loopsSchema } from '#core/api/loops.ts';
import type { StepStatus } from '#core/api/runs.ts';

import { api, type Reply } from './client.ts';
import { queryKeys } from './query-keys.ts';

/** One time through the body of a loop: the loop's node and the path of its steps. */
export interface IterationPlace {
  readonly loopId: string;
  readonly key: string;
}

/** A loop in a run; `path` is that of the iteration that it stands in, empty outside of all loops. */
export interface LoopPlace {
  readonly loopId: string;
  readonly path: string;
}

/** How far the loops have come that stand in an iteration, or outside of all (null). */
export function useLoops(runId: string, within: IterationPlace | null, isWanted: boolean) {
  return useQuery({
    queryKey: [...queryKeys.run(runId), 'loops', within],
    enabled: isWanted,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => {
      const query = within === null ? {} : { within: within.loopId, path: within.key };
      return api.get<Reply<typeof loopsSchema>>(`${pathOf(runId)}/loops`, { query, signal });
    },
  });
}

/** The iterations of a loop that began, a page at a time; `from`: only from this index on. */
export function useIterations(
  runId: string,
  { loopId, path }: LoopPlace,
  { status, from }: { readonly status?: StepStatus; readonly from?: number },
) {
  return useInfiniteQuery({
    queryKey: [...queryKeys.run(runId), 'iterations', loopId, path, status, from],
    queryFn: ({ pageParam, signal }) => {
      const query = { path: path === '' ? undefined : path, status, from, limit: 100, cursor: pageParam };
      return api.get<Reply<typeof iterationListSchema>>(
        `${pathOf(runId)}/loops/${encodeURIComponent(loopId)}/iterations`,
        {
          query,
          signal,
        },
      );
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });
}

/** The steps of one iteration and of those around it; none while nothing is chosen. */
export function useIterationSteps(runId: string, place: IterationPlace | null) {
  return useQuery({
    queryKey: [...queryKeys.run(runId), 'iteration', place],
    enabled: place !== null,
    queryFn: async ({ signal }) => {
      if (place === null) return [];
      const path = `${pathOf(runId)}/loops/${encodeURIComponent(place.loopId)}/iterations/${place.key}`;
      return (await api.get<Reply<typeof iterationStepsSchema>>(path, { signal })).steps;
    },
  });
}

function pathOf(runId: string): string {
  return `/runs/${encodeURIComponent(runId)}`;
}
