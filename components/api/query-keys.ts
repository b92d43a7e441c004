import type { ApprovalListQuery } from '#core/api/approvals.ts';

import type { RunFilter } from './run-filter.ts';

/** The names under which replies are cached; the first word is the kind of thing, to refresh all of it. */
export const queryKeys = {
  me: ['me'],
  sessions: ['sessions'],
  flows: ['flows'],
  flow: (slug: string) => ['flow', slug],
  runs: ['runs'],
  runList: (filter: RunFilter) => ['runs', filter],
  run: (id: string) => ['run', id],
  approvals: ['approvals'],
  approvalList: (status: ApprovalListQuery['status']) => ['approvals', 'list', status],
  approvalCount: ['approvals', 'count'],
  approval: (id: string) => ['approvals', 'one', id],
  connections: ['connections'],
  connectors: ['connectors'],
  apiKeys: ['api-keys'],
  audit: ['audit'],
} as const;
