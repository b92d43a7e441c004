import type { HttpClient } from '#connectors/contract.ts';
import { pool } from '#server/db/pool.ts';
import { openConnection } from '#server/connections/open-connection.ts';
import { ALWAYS_DUE } from '#test/support/always-due.ts';
import { BudgetDesk } from '#worker/calls/budget-desk.ts';
import { CallGate } from '#worker/calls/call-gate.ts';
import { ConnectionDesk } from '#worker/calls/connection-desk.ts';
import type { AccountServices } from '#worker/calls/open-account.ts';

const PASS = { isProbe: false, end: () => undefined };

/** Holds nothing back: breakers go by the database's clock, and some tests have one of their own. */
export const OPEN_GATE: AccountServices['gate'] = {
  check: () => undefined,
  pass: () => Promise.resolve(PASS),
  urge: () => PASS,
  follow: () => PASS,
};

/** What calls of a trigger go through in a worker: connections, budgets and breakers of the test's database. */
export function callServices(http: HttpClient, rest: Partial<AccountServices> = {}): AccountServices {
  const now = rest.now ?? Date.now;
  return {
    http,
    dial: () => Promise.reject(new Error('Triggers dial nothing.')),
    gate: new CallGate({ pool: pool(), due: ALWAYS_DUE, now, onFreed: () => undefined }),
    desk: new BudgetDesk(pool()),
    connections: new ConnectionDesk({ openConnection }),
    now,
    ...rest,
  };
}
