import { randomUUID } from 'node:crypto';

import type {
  AlertChannel,
  CreateAlertChannel,
  CreatedAlertChannel,
  PatchAlertChannel,
  QuietHours,
} from '#core/api/alerts.ts';
import { Prisma, type AlertChannel as ChannelRow } from '#prisma/generated/client.ts';
import { newSigningSecret, openTarget, targetColumns } from '#server/alerts/channel-target.ts';
import { recordAudit } from '#server/audit/record-audit.ts';
import type { Actor } from '#server/auth/actor.ts';
import { parseEmail } from '#server/auth/parse-email.ts';
import { prisma } from '#server/db/prisma.ts';
import { inTransaction, type Transaction } from '#server/db/transaction.ts';
import { notFound, ProblemError } from '#server/problem.ts';

const LAST = { where: { attempts: { gt: 0 } }, orderBy: { dueAt: 'desc' }, take: 1 } as const;
type LastNotice = Prisma.AlertNoticeGetPayload<object>;

/** The workspace's channels by name, without their addresses. */
export async function listAlertChannels(workspaceId: string): Promise<AlertChannel[]> {
  const rows = await prisma().alertChannel.findMany({
    where: { workspaceId },
    orderBy: [{ name: 'asc' }, { id: 'asc' }],
    include: { notices: LAST },
  });
  return rows.map((row) => toChannel(row, row.notices[0]));
}

/** Makes a channel. The reply alone carries a webhook's signing secret. Throws 422. */
export async function createAlertChannel(
  actor: Actor,
  input: CreateAlertChannel,
): Promise<CreatedAlertChannel> {
  const place = { workspaceId: actor.workspaceId, recordId: randomUUID() };
  const { kind, name, quietHours } = input;
  const signingSecret = kind === 'webhook' ? newSigningSecret() : null;
  const where =
    input.kind === 'email'
      ? { recipients: readRecipients(input.recipients) }
      : targetColumns(place, { url: input.url, ...(signingSecret !== null && { signingSecret }) });
  return inTransaction(async (tx) => {
    const row = await tx.alertChannel.create({
      data: {
        ...{ id: place.recordId, workspaceId: place.workspaceId, kind, name },
        ...(quietHours && { quietHours }),
        ...where,
      },
    });
    await recordAudit(tx, actor, {
      action: 'alert_channel.create',
      resource: `alert_channel:${row.id}`,
      detail: { kind, name, quietHours },
    });
    return { ...toChannel(row, undefined), signingSecret };
  });
}

/** Changes what is given; a webhook keeps its signing secret. Throws 404 and 422. */
export async function patchAlertChannel(
  actor: Actor,
  id: string,
  patch: PatchAlertChannel,
): Promise<AlertChannel> {
  const { name, recipients, url, quietHours } = patch;
  return inTransaction(async (tx) => {
    const row = await lockChannel(tx, actor.workspaceId, id);
    if (row.kind === 'email' ? url !== undefined : recipients !== undefined) throw otherKind(row.kind);
    const place = { workspaceId: row.workspaceId, recordId: row.id };
    const changed = await tx.alertChannel.update({
      where: { id },
      data: {
        ...(name !== undefined && { name }),
        ...(recipients && { recipients: readRecipients(recipients) }),
        ...(url !== undefined && targetColumns(place, { ...openTarget(place, row), url })),
        ...(quietHours !== undefined && { quietHours: quietHours ?? Prisma.DbNull }),
      },
      include: { notices: LAST },
    });
    await tx.$executeRaw`UPDATE alert_channel SET updated_at = clock_timestamp() WHERE id = ${id}::uuid`;
    await recordAudit(tx, actor, {
      action: 'alert_channel.update',
      resource: `alert_channel:${id}`,
      detail: { name: changed.name, changed: Object.keys(patch) },
    });
    return toChannel(changed, changed.notices[0]);
  });
}

/** Takes a channel away, with what it was still to tell. Throws 404. */
export async function deleteAlertChannel(actor: Actor, id: string): Promise<void> {
  await inTransaction(async (tx) => {
    const { name, kind } = await lockChannel(tx, actor.workspaceId, id);
    await tx.alertChannel.delete({ where: { id } });
    await recordAudit(tx, actor, {
      action: 'alert_channel.delete',
      resource: `alert_channel:${id}`,
      detail: { kind, name },
    });
  });
}

/** The row of a channel, held to the end of the transaction. Throws 404. */
export async function lockChannel(tx: Transaction, workspaceId: string, id: string): Promise<ChannelRow> {
  await tx.$queryRaw`SELECT id FROM alert_channel WHERE id = ${id}::uuid FOR NO KEY UPDATE`;
  const row = await tx.alertChannel.findFirst({ where: { id, workspaceId } });
  if (!row) throw notFound('alert channel of that id in this workspace');
  return row;
}

function toChannel(row: ChannelRow, last: LastNotice | undefined): AlertChannel {
  return {
    ...{ id: row.id, name: row.name, kind: row.kind as AlertChannel['kind'] },
    ...{ recipients: row.recipients, host: row.host },
    quietHours: row.quietHours as QuietHours | null,
    lastNotice: last
      ? {
          at: (last.sentAt ?? last.dueAt).toISOString(),
          error: last.sentAt ? null : last.error,
          isGivenUp: last.sentAt === null && last.nextAttemptAt === null,
        }
      : null,
    createdAt: row.createdAt.toISOString(),
  };
}

function readRecipients(recipients: readonly string[]): string[] {
  const addresses = recipients.map(parseEmail);
  const errors = addresses.flatMap((address, at) =>
    address === null
      ? [{ pointer: `/recipients/${at}`, message: `“${recipients[at]}” is no e-mail address.` }]
      : [],
  );
  if (errors.length > 0) throw invalid(errors);
  return [...new Set(addresses.filter((address) => address !== null))];
}

function otherKind(kind: string): ProblemError {
  return invalid([
    kind === 'email'
      ? { pointer: '/url', message: 'This channel sends e-mail: it has recipients and no address to call.' }
      : { pointer: '/recipients', message: 'This channel calls an address: it has no recipients.' },
  ]);
}

function invalid(errors: { pointer: string; message: string }[]): ProblemError {
  return new ProblemError({
    status: 422,
    code: 'invalid_alert_channel',
    title: 'The channel is not valid',
    detail: errors.map(({ message }) => message).join(' '),
    errors,
  });
}
