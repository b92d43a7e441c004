import { scheduleInput } from '#connectors/core/schedule.ts';
import { nextTicks } from '#core/cron.ts';
import type { FlowNode } from '#core/flow-document.ts';
import type { Flow } from '#prisma/generated/client.ts';
import type { Transaction } from '#server/db/transaction.ts';
import { databaseTime } from '#server/triggers/database-time.ts';

/** Sets, moves or takes away the flow's clock. The same times as before keep their next tick, also one that is due just now. */
export async function moveSchedule(tx: Transaction, flow: Flow, node: FlowNode | undefined): Promise<void> {
  if (!node) {
    await tx.schedule.deleteMany({ where: { flowId: flow.id } });
    return;
  }
  const { cron, timezone, missed } = scheduleInput.parse(node.config);
  const existing = await tx.schedule.findUnique({ where: { flowId: flow.id } });
  const isSame = existing?.cron === cron && existing.timezone === timezone;
  const nextAt = isSame ? existing.nextAt : await firstTick(tx, cron, timezone);
  const columns = { nodeId: node.id, cron, timezone, missed, nextAt };
  await tx.schedule.upsert({
    where: { flowId: flow.id },
    create: { flowId: flow.id, workspaceId: flow.workspaceId, ...columns },
    update: columns,
  });
}

async function firstTick(tx: Transaction, cron: string, timezone: string): Promise<Date> {
  const [tick] = nextTicks(cron, timezone, { after: await databaseTime(tx), count: 1 });
  if (!tick) throw new Error(`The schedule ${cron} was accepted, but it never comes.`);
  return tick;
}
