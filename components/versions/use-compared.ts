'use client';

import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';

import { queryKeys } from '#components/api/query-keys.ts';
import { useEditor } from '#components/canvas/editor-context.tsx';
import { readVersionDocument } from '#components/canvas/flow-calls.ts';
import { catalog } from '#connectors/definitions.ts';
import { describeDiff, type ChangeInWords } from '#core/diff-flows/describe-diff.ts';
import { diffFlows, isSameFlow, type FlowDiff } from '#core/diff-flows/diff-flows.ts';
import type { FlowDocument } from '#core/flow-document.ts';

/** A version by its number, or the draft that is being edited. */
export type VersionRef = number | 'draft';

/** Two documents of the flow being edited, and what changed between them. */
export interface Compared {
  readonly before: FlowDocument;
  readonly after: FlowDocument;
  readonly diff: FlowDiff;
  readonly isSame: boolean;
  readonly changes: readonly ChangeInWords[];
}

/** Compares two versions of the flow being edited; undefined while they are read. `before` null: nothing was there. */
export function useCompared(
  before: VersionRef | null,
  after: VersionRef | null,
): { readonly data: Compared | undefined; readonly error: unknown } {
  const [old, now] = [useDocumentOf(before), useDocumentOf(after)];
  const data = useMemo(
    () => (old.document && now.document ? compare(old.document, now.document) : undefined),
    [old.document, now.document],
  );
  return { data, error: old.error ?? now.error };
}

/** What changed from one document to another, in words too. */
export function compare(before: FlowDocument, after: FlowDocument): Compared {
  const diff = diffFlows(before, after);
  const changes = describeDiff(diff, { before, after, catalog });
  return { before, after, diff, isSame: isSameFlow(diff), changes };
}

function useDocumentOf(ref: VersionRef | null): { document: FlowDocument | undefined; error: unknown } {
  const draft = useEditor(({ document }) => document);
  const version = useQuery({
    queryKey: [...queryKeys.flow(draft.slug), 'version', ref],
    enabled: typeof ref === 'number',
    // Versions never change.
    staleTime: Infinity,
    queryFn: () => readVersionDocument(draft.slug, Number(ref)),
  });
  if (ref === 'draft') return { document: draft, error: null };
  return { document: version.data, error: version.error };
}
