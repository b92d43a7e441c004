import { webhookBody, type NoticeContext } from '#core/alerts/notice-words.ts';
import type { AlertTest } from '#core/api/alerts.ts';
import type { AlertChannel as ChannelRow } from '#prisma/generated/client.ts';
import { lockChannel } from '#server/alerts/alert-channels.ts';
import { callTarget } from '#server/alerts/call-target.ts';
import { openTarget } from '#server/alerts/channel-target.ts';
import { NO_MAIL } from '#server/alerts/send-notice.ts';
import { recordAudit } from '#server/audit/record-audit.ts';
import type { Actor } from '#server/auth/actor.ts';
import { prisma } from '#server/db/prisma.ts';
import { inTransaction } from '#server/db/transaction.ts';
import { uuidv7 } from '#server/db/uuid.ts';
import { egressClient } from '#server/egress/egress-client.ts';
import { env } from '#server/env.ts';
import { mailSettings } from '#server/mail/mail-settings.ts';
import { openMailTransport } from '#server/mail/transport.ts';

const TITLE = 'Test: alerts reach this channel';

/** Sends a test by the channel, now, and says what came of it. Throws 404. */
export async function testAlertChannel(actor: Actor, id: string): Promise<AlertTest> {
  const { workspaceId } = actor;
  const row = await inTransaction(async (tx) => {
    const channel = await lockChannel(tx, workspaceId, id);
    await recordAudit(tx, actor, {
      action: 'alert_channel.test',
      resource: `alert_channel:${id}`,
      detail: { name: channel.name },
    });
    return channel;
  });
  const { slug, name } = await prisma().workspace.findUniqueOrThrow({ where: { id: workspaceId } });
  try {
    const context = { publicUrl: env().publicUrl, workspace: { slug, name } };
    return { ok: true, message: await send(row, `${TITLE} (workspace ${name}).`, context) };
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
  }
}

/** Resolves to what was done. */
async function send(row: ChannelRow, text: string, context: NoticeContext): Promise<string> {
  const id = uuidv7();
  if (row.kind === 'email') {
    await mail(row.recipients, { id, text: `${text}\n\n${context.publicUrl}/settings/alerts\n` });
    return `The mail server took it for ${row.recipients.join(', ')}.`;
  }
  const target = openTarget({ workspaceId: row.workspaceId, recordId: row.id }, row);
  if (target === null) throw new Error('The channel has no address. Give it one.');
  const body =
    row.kind === 'slack'
      ? { text }
      : { ...webhookBody([], context, new Date().toISOString()), type: 'alert.test' };
  await callTarget(egressClient(), target, { id, body });
  return `${row.host} took it.`;
}

async function mail(
  recipients: readonly string[],
  { id, text }: { id: string; text: string },
): Promise<void> {
  const settings = mailSettings();
  if (settings === null) throw new Error(NO_MAIL);
  const transport = openMailTransport(settings);
  try {
    for (const [n, recipient] of recipients.entries())
      await transport.send({ id: `${id}.${n}`, recipient, subject: `Patchbay: ${TITLE}`, body: text });
  } finally {
    transport.close();
  }
}
