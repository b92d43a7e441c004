'use client';

import { useQuery } from '@tanstack/react-query';
import dynamic from 'next/dynamic';

import { messageOf } from '#components/api/api-problem.ts';
import { queryKeys } from '#components/api/query-keys.ts';
import { useMe } from '#components/api/workspace.ts';
import { PageProblem } from '#components/shell/page-problem.tsx';
import { useRight } from '#components/shell/rights.tsx';

import { EditorSkeleton } from './editor-skeleton.tsx';

// React Flow measures the page; there is nothing that a server could draw of it.
const FlowEditor = dynamic(async () => (await import('./flow-editor.tsx')).FlowEditor, {
  ssr: false,
  loading: () => <EditorSkeleton />,
});

/** Reads a flow's draft and opens the editor on it. */
export function FlowPage({ slug }: { slug: string }) {
  const canEdit = useRight('flow:edit');
  const me = useMe();
  const owner = me.data && {
    workspace: me.data.workspace.slug,
    userId: me.data.user?.id ?? '',
    slug,
  };
  const draft = useQuery({
    queryKey: [...queryKeys.flow(slug), 'draft'],
    queryFn: async ({ signal }) => {
      const { loadDraft } = await import('./load-draft.ts');
      return loadDraft(slug, { signal, copyOf: canEdit ? owner : undefined });
    },
    enabled: owner !== undefined,
    // The editor is the truth from here on; what is read once must not come in again under it.
    staleTime: Infinity,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
  const error = draft.error ?? me.error;
  if (error) {
    return (
      <PageProblem
        title="This flow cannot be opened"
        message={messageOf(error)}
        onRetry={() => void (me.error ? me.refetch() : draft.refetch())}
        isRetrying={draft.isFetching || me.isFetching}
      />
    );
  }
  if (!draft.data || !owner) return <EditorSkeleton />;
  return <FlowEditor key={slug} draft={draft.data} owner={owner} isReadOnly={!canEdit} />;
}
