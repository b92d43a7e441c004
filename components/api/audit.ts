'use client';

import { useInfiniteQuery, useMutation } from '@tanstack/react-query';

import type { auditCheckSchema, auditListSchema, AuditFilter } from '#core/api/audit.ts';

import { API_BASE, api, queryString, type Reply } from './client.ts';
import { queryKeys } from './query-keys.ts';

/** What narrows the log on the page. */
export interface AuditView extends Omit<AuditFilter, 'from' | 'to'> {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** Up to now; wins over `from` and `to`. */
  readonly withinMs?: number | undefined;
}

/** What was done in the workspace and by whom, newest first, a page at a time. */
export function useAudit(view: AuditView) {
  return useInfiniteQuery({
    queryKey: [...queryKeys.audit, view],
    queryFn: ({ pageParam, signal }) => {
      const query = { ...filterOf(view, Date.now()), limit: 50, cursor: pageParam };
      return api.get<Reply<typeof auditListSchema>>('/audit', { query, signal });
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
}

/** Checks every entry against its hash. */
export function useVerifyAudit() {
  return useMutation({ mutationFn: () => api.get<Reply<typeof auditCheckSchema>>('/audit/verify') });
}

/** Where the entries that the page shows can be fetched as a file. */
export function auditExportUrl(view: AuditView, format: 'csv' | 'jsonl', nowMs: number): string {
  return `${API_BASE}/audit/export${queryString({ ...filterOf(view, nowMs), format })}`;
}

function filterOf({ withinMs, from, to, ...parts }: AuditView, nowMs: number) {
  if (withinMs === undefined) return { ...parts, from, to };
  return { ...parts, from: new Date(nowMs - withinMs).toISOString() };
}
