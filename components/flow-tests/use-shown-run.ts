'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';

import { api, type Reply } from '#components/api/client.ts';
import { queryKeys } from '#components/api/query-keys.ts';
import { useLiveRun } from '#components/api/runs.ts';
import { useEditor } from '#components/canvas/editor-context.tsx';
import type { NodeRunState } from '#components/canvas/node-run-state.ts';
import { nodeStates } from '#components/runs/node-states.ts';
import { isEnded } from '#components/runs/run-words.ts';
import type { runSchema, Run } from '#core/api/runs.ts';

/** The run that the editor shows, live while it goes on; undefined while there is none. */
export function useShownRun(): Run | undefined {
  const id = useEditor((state) => state.shownRunId);
  const { data } = useQuery({
    queryKey: [...queryKeys.run(id ?? ''), 'whole'],
    enabled: id !== null,
    queryFn: ({ signal }) =>
      api.get<Reply<typeof runSchema>>(`/runs/${encodeURIComponent(id ?? '')}`, { signal }),
  });
  return id === null ? undefined : data;
}

/** Keeps the shown run up to date, and what is drawn from it. Once in an editor. */
export function useShownRunStates(): ReadonlyMap<string, NodeRunState> | undefined {
  const run = useShownRun();
  const client = useQueryClient();
  const hasEnded = run !== undefined && isEnded(run.status);
  useLiveRun(run?.id ?? '', run === undefined || hasEnded);
  useEffect(() => {
    // Its data are the examples from now on.
    if (hasEnded) void client.invalidateQueries({ queryKey: ['runs', 'latest'] });
  }, [client, hasEnded]);
  return useMemo(() => run && nodeStates(run.steps, Date.parse(run.finishedAt ?? run.createdAt)), [run]);
}
