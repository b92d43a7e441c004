import type { AlertListQuery } from '#core/api/alerts.ts';
import type { ApprovalListQuery } from '#core/api/approvals.ts';
import type { ReplayRequest } from '#core/api/replay.ts';

import type { DeadLetterView } from './dead-letter-filter.ts';
import type { ChoiceQuery } from './choices.ts';
import type { RunFilter } from './run-filter.ts';
import type { DashboardView } from './stats.ts';

/** The names under which replies are cached; the first word is the kind of thing, to refresh all of it. */
export const queryKeys = {
  me: ['me'],
  sessions: ['sessions'],
  flows: ['flows'],
  flow: (slug: string) => ['flow', slug],
  runs: ['runs'],
  runList: (filter: RunFilter) => ['runs', filter],
  latestRuns: ['runs', 'latest'],
  run: (id: string) => ['run', id],
  captures: ['captures'],
  capture: (id: string) => ['captures', id],
  replayPlan: (id: string, request: Partial<ReplayRequest>) => ['run', id, 'plan', request],
  deadLetters: ['dead-letters'],
  deadLetterList: (view: DeadLetterView) => ['dead-letters', 'list', view],
  deadLetterGroups: (view: DeadLetterView) => ['dead-letters', 'groups', view],
  deadLetterOf: (runId: string) => ['dead-letters', 'of', runId],
  deadLetterCount: ['dead-letters', 'count'],
  bulkActions: ['bulk-actions'],
  bulkActionList: ['bulk-actions', 'list'],
  bulkAction: (id: string) => ['bulk-actions', 'one', id],
  bulkItems: (id: string, status: string) => ['bulk-actions', 'items', id, status],
  ledger: ['ledger'],
  drift: ['drift'],
  driftOf: (flow: string | null) => ['drift', 'list', flow],
  quarantine: ['quarantine'],
  quarantineOf: (flow: string | null) => ['quarantine', 'list', flow],
  dashboard: (view: DashboardView) => ['dashboard', view],
  alerts: ['alerts'],
  alertList: (state: AlertListQuery['state']) => ['alerts', 'list', state],
  alertCount: ['alerts', 'count'],
  alertRules: ['alerts', 'rules'],
  alertChannels: ['alerts', 'channels'],
  breakers: ['breakers'],
  approvals: ['approvals'],
  approvalList: (status: ApprovalListQuery['status']) => ['approvals', 'list', status],
  approvalCount: ['approvals', 'count'],
  approval: (id: string) => ['approvals', 'one', id],
  connections: ['connections'],
  connectLinks: (slug: string) => ['connections', 'links', slug],
  atRisk: ['connections', 'at-risk'],
  connectors: ['connectors'],
  oauthApps: ['oauth-apps'],
  appHooks: ['app-hooks'],
  choices: (asked: ChoiceQuery) => ['choices', asked],
  apiKeys: ['api-keys'],
  audit: ['audit'],
  retention: ['retention'],
  system: ['system'],
} as const;
