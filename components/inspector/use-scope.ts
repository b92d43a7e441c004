'use client';

import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';

import { api } from '#components/api/client.ts';
import { useEditor, useEditorStore } from '#components/canvas/editor-context.tsx';
import { runListSchema, runSchema } from '#core/api/runs.ts';
import type { Run } from '#core/api/runs.ts';
import type { FlowDocument } from '#core/flow-document.ts';

import { sampleScope } from './sample-scope.ts';
import type { SampleScope } from './sample-scope.ts';

const FRESH_MS = 15_000;

export interface Scope {
  readonly scope: SampleScope | null;
  /** The run that the examples come from; null when they are the registry's. */
  readonly lastRun: Run | null;
}

/** Example data for the expressions of a node, from the flow's last run where there is one. */
export function useScope(nodeId: string): Scope {
  const { catalog } = useEditorStore();
  const document = useEditor((state) => state.document);
  const { data: lastRun = null } = useLastRun(document);
  const [scope, setScope] = useState<SampleScope | null>(null);
  useEffect(() => {
    let isCurrent = true;
    void sampleScope(nodeId, { document, catalog, lastRun }).then((next) => {
      if (isCurrent) setScope((before) => (JSON.stringify(before) === JSON.stringify(next) ? before : next));
    });
    return () => {
      isCurrent = false;
    };
  }, [nodeId, document, catalog, lastRun]);
  return { scope, lastRun };
}

/** The flow's latest run with its data. Examples are a help: without them the registry's samples do. */
export function useLastRun({ slug }: FlowDocument) {
  return useQuery({
    queryKey: ['runs', 'latest', slug],
    staleTime: FRESH_MS,
    queryFn: async ({ signal }) => {
      const list = await api.get('/runs', runListSchema, { query: { flow: slug, limit: '1' }, signal });
      const [latest] = list.data;
      return latest ? api.get(`/runs/${latest.id}`, runSchema, { signal }) : null;
    },
  });
}
