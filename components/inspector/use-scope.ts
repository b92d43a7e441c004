'use client';

import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';

import { api, type Reply } from '#components/api/client.ts';
import { useEditor, useEditorStore } from '#components/canvas/editor-context.tsx';
import type { runListSchema, runSchema } from '#core/api/runs.ts';
import type { Run } from '#core/api/runs.ts';
import type { FlowDocument } from '#core/flow-document.ts';

import { recordedSources, sampleScope } from './sample-scope.ts';
import type { SampleScope } from './sample-scope.ts';
import { useSurroundings } from './use-surroundings.ts';

const FRESH_MS = 15_000;
const PAUSE_MS = 150;
const MAX_RUNS = '20';

/** Where examples come from: the newest run, pins and the registry's samples alone, or one run by its id. */
export type SampleSource = 'newest' | 'pins' | (string & {});

export interface Scope {
  readonly scope: SampleScope | null;
  /** The sources that have real data, `trigger` or a node's id. */
  readonly recorded: ReadonlySet<string>;
  /** The run that the examples come from; null when they are pinned or the registry's. */
  readonly run: Run | null;
}

const NOTHING: ReadonlySet<string> = new Set();

/** Example data for the expressions of a node. */
export function useScope(nodeId: string, source: SampleSource): Scope {
  const { catalog } = useEditorStore();
  const document = useSurroundings(nodeId);
  const { data: newest = null } = useLastRun(document);
  const { data: chosen = null } = useRun(source === 'newest' || source === 'pins' ? null : source);
  const captured = useEditor((state) => (source === 'newest' ? (state.captured?.event ?? null) : null));
  const run = source === 'newest' ? newest : source === 'pins' ? null : chosen;
  const [scope, setScope] = useState<SampleScope | null>(null);
  const [recorded, setRecorded] = useState(NOTHING);
  const isFirst = scope === null;
  useEffect(() => {
    let isCurrent = true;
    const sources = { document, catalog, lastRun: run, captured };
    const work = async () => {
      const next = await sampleScope(nodeId, sources);
      if (!isCurrent) return;
      setScope((before) => (JSON.stringify(before) === JSON.stringify(next) ? before : next));
      const real = recordedSources(nodeId, sources);
      setRecorded((before) => (isSame(before, real) ? before : real));
    };
    // Large data is not worked through with every letter that is typed.
    const timer = setTimeout(() => void work(), isFirst ? 0 : PAUSE_MS);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [nodeId, document, catalog, run, captured, isFirst]);
  return { scope, recorded, run };
}

function isSame(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((each) => b.has(each));
}

/** The run that the editor shows, else the flow's latest, with its data. Examples are a help: without them the registry's samples do. */
export function useLastRun({ slug }: FlowDocument) {
  const shownRunId = useEditor((state) => state.shownRunId);
  return useQuery({
    queryKey: ['runs', 'latest', slug, shownRunId],
    staleTime: FRESH_MS,
    queryFn: async ({ signal }) => {
      if (shownRunId !== null)
        return api.get<Reply<typeof runSchema>>(`/runs/${encodeURIComponent(shownRunId)}`, { signal });
      const list = await api.get<Reply<typeof runListSchema>>('/runs', {
        query: { flow: slug, limit: '1' },
        signal,
      });
      const [latest] = list.data;
      return latest ? api.get<Reply<typeof runSchema>>(`/runs/${latest.id}`, { signal }) : null;
    },
  });
}

/** The flow's last 20 runs, newest first, to take examples from. */
export function useRecentRuns({ slug }: FlowDocument) {
  return useQuery({
    queryKey: ['runs', 'recent', slug],
    staleTime: FRESH_MS,
    queryFn: async ({ signal }) =>
      (
        await api.get<Reply<typeof runListSchema>>('/runs', {
          query: { flow: slug, limit: MAX_RUNS },
          signal,
        })
      ).data,
  });
}

function useRun(id: string | null) {
  return useQuery({
    queryKey: ['runs', 'example', id],
    staleTime: FRESH_MS,
    enabled: id !== null,
    queryFn: ({ signal }) => api.get<Reply<typeof runSchema>>(`/runs/${id}`, { signal }),
  });
}
