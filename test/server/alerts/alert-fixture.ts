import { expect } from 'vitest';

import type { Alert, AlertRule, CreateAlertRule } from '#core/api/alerts.ts';
import { lookAfterRule } from '#server/alerts/look-after-rule.ts';
import { countStats } from '#server/stats/count-stats.ts';
import { inClientTransaction } from '#server/db/client-transaction.ts';
import type { ApiReply } from '#test/support/call-api.ts';

type Call = (line: string, body?: unknown) => Promise<ApiReply>;

/** Makes a rule that settles and tells at once. */
export async function makeRule(
  call: Call,
  rule: Partial<CreateAlertRule> & Pick<CreateAlertRule, 'kind'>,
): Promise<AlertRule> {
  const reply = await call('POST /alert-rules', {
    settleSeconds: 0,
    groupSeconds: 0,
    minimumRuns: 1,
    ...rule,
  });
  expect(reply.body, JSON.stringify(reply.body)).toMatchObject({ kind: rule.kind });
  return reply.body as AlertRule;
}

/** Looks after a rule as if its last look had been a while ago. Resolves to its alerts that are open then. */
export async function look(call: Call, { id }: Pick<AlertRule, 'id'>): Promise<Alert[]> {
  await countStats({ isDue: true });
  await inClientTransaction(async (client) => {
    await client.query('update alert_rule set checked_at = null where id = $1', [id]);
    await lookAfterRule(client, id);
  });
  const { body } = await call('GET /alerts?state=open');
  return (body as { data: Alert[] }).data.filter(({ ruleId }) => ruleId === id);
}
