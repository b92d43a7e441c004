import type { z } from 'zod';

import type { alertRuleListSchema } from '#core/api/alerts.ts';
import type { breakerListSchema } from '#core/api/breakers.ts';
import type { flowTestListSchema } from '#core/api/flow-tests.ts';
import { matchRoute } from '#server/api/match-route.ts';
import { parseParams, parseQuery } from '#server/api/parse-input.ts';
import type { Route, RouteReply } from '#server/api/route.ts';
import type { AuditedAct } from '#server/audit/record-audit.ts';
import type { Actor } from '#server/auth/actor.ts';
import { ProblemError } from '#server/problem.ts';

/** How the reply to a POST is made from what it did. */
interface Again {
  readonly status: number;
  /** The GET whose reply it is, for the id or slug that the act names; absent where the reply has no body. */
  readonly read?: (id: string, act: AuditedAct) => string;
  /** Picks the reply out of what is read. */
  readonly pick?: (read: unknown, act: AuditedAct) => unknown;
  /** True for what was created: `Location` names it. */
  readonly isNew?: true;
}

type AlertRuleList = z.output<typeof alertRuleListSchema>;
type BreakerList = z.output<typeof breakerListSchema>;
type FlowTestList = z.output<typeof flowTestListSchema>;

const run = (id: string) => `/runs/${id}`;
const bulk = (id: string) => `/bulk-actions/${id}`;
const published: Again = {
  status: 200,
  read: (slug) => `/flows/${slug}/summary`,
  pick: (summary, { detail }) => ({
    version: detail?.['version'],
    hookUrl: (summary as { readonly hookUrl: string | null }).hookUrl,
  }),
};

/** By the route's id. A reply that cannot be made again has null: the caller is told that the request took effect. */
export const REPLIES_AGAIN: Readonly<Record<string, Again | null>> = {
  createFlow: { status: 201, read: (slug) => `/flows/${slug}`, isNew: true },
  publishFlow: published,
  rollbackFlow: published,
  unpublishFlow: { status: 200, read: (slug) => `/flows/${slug}/summary` },
  createFlowTest: {
    status: 201,
    read: (_, { detail }) => `/flows/${detail?.['flow'] as string}/tests`,
    pick: (list, { resource }) =>
      (list as FlowTestList).data.find(({ id }) => resource === `flow_test:${id}`),
  },
  startCapture: {
    status: 201,
    read: (id, { detail }) => `/flows/${detail?.['flow'] as string}/captures/${id}`,
  },
  startRun: { status: 202, read: run, isNew: true },
  cancelRun: { status: 202, read: run },
  replayRun: { status: 202, read: (_, { detail }) => run(detail?.['replay'] as string) },
  resumeRun: { status: 202, read: run },
  resolveStep: { status: 202, read: run },
  retryStepsNow: { status: 202, read: run },
  decideApproval: { status: 200, read: (id) => `/approvals/${id}` },
  createConnection: { status: 201, read: (slug) => `/connections/${slug}`, isNew: true },
  disconnectConnection: {
    status: 200,
    read: (slug) => `/connections/${slug}`,
    pick: (connection) => ({ ...(connection as object), revokeError: null }),
  },
  createBulkAction: { status: 201, read: bulk },
  redriveDeadLetters: { status: 201, read: bulk },
  pauseBulkAction: { status: 200, read: bulk },
  continueBulkAction: { status: 200, read: bulk },
  cancelBulkAction: { status: 200, read: bulk },
  closeBreaker: {
    status: 200,
    read: () => '/breakers',
    pick: (list, { resource }) =>
      (list as BreakerList).data.find(({ scope }) => resource === `breaker:${scope}`),
  },
  createAlertRule: {
    status: 201,
    read: () => '/alert-rules',
    pick: (list, { resource }) =>
      (list as AlertRuleList).data.find(({ id }) => resource === `alert_rule:${id}`),
  },
  changePassword: { status: 204 },
  // Keys, links and states are stored nowhere; a dead letter is read only in its list.
  createApiKey: null,
  createAlertChannel: null,
  createConnectLink: null,
  authorizeConnection: null,
  // It would have to be made anew.
  testConnection: null,
  testAlertChannel: null,
  discardDeadLetter: null,
  acceptDrift: null,
  replayQuarantined: null,
  discardQuarantined: null,
};

/** The reply to a POST that was done by a server that died before it kept it. Throws a 409 problem where there is none. */
export async function replyAgain(
  routes: readonly Route[],
  { route, actor }: { readonly route: Route; readonly actor: Actor },
  act: AuditedAct,
): Promise<RouteReply> {
  const again = REPLIES_AGAIN[route.id];
  if (!again) throw replyLost(act);
  if (!again.read) return { status: again.status };
  const path = again.read(act.resource.slice(act.resource.indexOf(':') + 1), act);
  const { route: reading, params } = matchRoute(routes, 'GET', path);
  const reply = await reading.handle({
    actor,
    params: parseParams(reading, params),
    query: parseQuery(reading, new URLSearchParams()),
    body: undefined,
    headers: new Headers(),
    signal: AbortSignal.timeout(60_000),
  });
  const location = again.isNew && { Location: `/api/v1${path}` };
  return {
    status: again.status,
    body: again.pick ? again.pick(reply.body, act) : reply.body,
    headers: { ...reply.headers, ...location },
  };
}

function replyLost({ action, resource }: AuditedAct): ProblemError {
  return new ProblemError({
    status: 409,
    code: 'idempotency_reply_lost',
    title: 'Done, but the reply is lost',
    detail: `The first request with this Idempotency-Key took effect (${action}, ${resource}), but the server went down before its reply was kept. It is not done again; look at what it made.`,
  });
}
