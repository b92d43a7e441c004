'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

import { ApiProblem } from '#components/api/api-problem.ts';
import { api, type Reply } from '#components/api/client.ts';
import { queryKeys } from '#components/api/query-keys.ts';
import { useEditor, useEditorStore } from '#components/canvas/editor-context.tsx';
import type { captureSchema } from '#core/api/captures.ts';

/** The wait for the next event of the flow; null while there is none. The stream of the open flow says when to read it anew. */
export function useCapture() {
  const id = useEditor((state) => state.captureId);
  const path = useCapturesPath();
  const { data, error } = useQuery({
    queryKey: queryKeys.capture(id ?? ''),
    enabled: id !== null,
    retry: (failures, thrown) => !isGone(thrown) && failures < 3,
    queryFn: ({ signal }) => api.get<Reply<typeof captureSchema>>(`${path}/${id}`, { signal }),
  });
  return { capture: id === null ? null : (data ?? null), isGone: id !== null && isGone(error) };
}

/** Begins to wait, in place of what was waited for. */
export function useStartCapture() {
  const store = useEditorStore();
  const path = useCapturesPath();
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => api.post<Reply<typeof captureSchema>>(path, {}),
    onSuccess: (begun) => {
      client.setQueryData(queryKeys.capture(begun.id), begun);
      store.setState({ captureId: begun.id, captured: null });
      // The event may have come before this page knew what to listen for.
      void client.invalidateQueries({ queryKey: queryKeys.capture(begun.id) });
      store.announce('Waiting for the next event');
    },
  });
}

/** Waits no longer; the server forgets what came. */
export function useEndCapture() {
  const store = useEditorStore();
  const path = useCapturesPath();
  return useMutation({
    mutationFn: async (id: string) => {
      store.setState(({ captureId }) => ({ captureId: captureId === id ? null : captureId }));
      try {
        await api.delete(`${path}/${id}`);
      } catch (thrown) {
        if (!isGone(thrown)) throw thrown;
      }
    },
    retry: 2,
  });
}

function useCapturesPath(): string {
  return useEditor(({ document }) => `/flows/${encodeURIComponent(document.slug)}/captures`);
}

/** It was begun anew elsewhere, or forgotten. */
function isGone(thrown: unknown): boolean {
  return thrown instanceof ApiProblem && thrown.status === 404;
}
