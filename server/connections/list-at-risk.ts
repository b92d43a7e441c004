import type pg from 'pg';

import { CONNECTORS, findConnector } from '#connectors/definitions.ts';
import type { ConnectionAtRisk, ConnectionRisk } from '#core/api/connection-risks.ts';
import type { Actor } from '#server/auth/actor.ts';
import { can } from '#server/auth/authorize.ts';
import { pool } from '#server/db/pool.ts';
import { selectAtRisk, type AtRiskQuery, type AtRiskRow } from '#server/sql/select-at-risk.ts';

/** So many days ahead. */
const AHEAD_DAYS = 7;
/** A renewal that fails once or twice is a hiccup. */
const FAILS_FROM = 3;

/** The connections that need somebody now, or will within 7 days, with the published flows that use them, gravest first. */
export async function listConnectionsAtRisk(
  actor: Pick<Actor, 'workspaceId' | 'userId' | 'role'>,
): Promise<ConnectionAtRisk[]> {
  const { workspaceId, userId, role } = actor;
  const isAdmin = can(role, 'connection:manage');
  return readConnectionsAtRisk(pool(), { workspaceId, userId, isAdmin, days: AHEAD_DAYS });
}

/** The same for whoever asks, so many days ahead. */
export async function readConnectionsAtRisk(
  client: pg.ClientBase | pg.Pool,
  query: Pick<AtRiskQuery, 'workspaceId' | 'userId' | 'isAdmin' | 'days'>,
): Promise<ConnectionAtRisk[]> {
  const rows = await selectAtRisk(client, {
    ...query,
    unattended: CONNECTORS.filter(({ oauth }) => oauth?.grant === 'client_credentials').map(({ id }) => id),
    failsFrom: FAILS_FROM,
  });
  return rows.map((row) => {
    const { slug, name, connector, flows, waitingSteps } = row;
    const risks = RISKS.flatMap((find) => find(row) ?? []);
    return { slug, name, connector, risks, flows: [...flows], waitingSteps };
  });
}

/** One each; what is known of other ends, such as that of a certificate, is another one, and another condition of the query. */
const RISKS: readonly ((row: AtRiskRow) => ConnectionRisk | null)[] = [
  ({ status, fault }) =>
    status === 'reconnect'
      ? { code: 'reconnect', message: fault?.message ?? 'Its access has ended.', at: fault?.at ?? null }
      : null,
  ({ status, connector, fault, createdAt }) => {
    if (status !== 'pending') return null;
    const label = findConnector(connector)?.label ?? connector;
    const message = fault?.message ?? `Nobody has connected it to ${label} yet.`;
    return { code: 'pending', message, at: createdAt.toISOString() };
  },
  ({ status, fails, fault }) =>
    status === 'ok' && fails > 0
      ? {
          code: 'unrenewed',
          message:
            `${fails} ${fails === 1 ? 'renewal has' : 'renewals in a row have'} failed. ${fault?.message ?? ''}`.trim(),
          at: fault?.at ?? null,
        }
      : null,
  ({ status, isEnding, expiresAt }) =>
    status === 'ok' && isEnding && expiresAt
      ? {
          code: 'ends',
          message: 'Its access ends then, and nothing renews it: connect it again before.',
          at: expiresAt.toISOString(),
        }
      : null,
];
