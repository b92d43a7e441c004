import type pg from 'pg';

import type { HttpClient } from '#connectors/contract.ts';
import { noticeText, noticeTitle, slackMessage, webhookBody } from '#core/alerts/notice-words.ts';
import { callTarget } from '#server/alerts/call-target.ts';
import { openTarget } from '#server/alerts/channel-target.ts';
import { inClientTransaction } from '#server/db/client-transaction.ts';
import { prisma } from '#server/db/prisma.ts';
import { uuidv7 } from '#server/db/uuid.ts';
import { env } from '#server/env.ts';
import { mailSettings } from '#server/mail/mail-settings.ts';
import { markNoticeSent, selectNews, type DueNotice } from '#server/sql/alert-notices.ts';
import { insertEmails } from '#server/sql/emails.ts';

/** What the sender is told where nothing sends mail. */
export const NO_MAIL = 'No mail server is set: give PATCHBAY_SMTP_URL and PATCHBAY_MAIL_FROM.';

/**
 * Sends a notice that was taken on, and marks it as sent. An e-mail is handed to the outbox in the commit that marks it. Throws why it could
 * not be sent, in plain words.
 */
export async function sendNotice(db: pg.Pool, http: HttpClient, notice: DueNotice): Promise<void> {
  const { id, workspaceId, workspace, channelId } = notice;
  const news = await selectNews(db, id);
  const channel = await prisma().alertChannel.findUnique({ where: { id: channelId } });
  // Its alerts were forgotten, or the channel deleted: there is nobody to tell anything.
  if (news.length === 0 || channel === null) return markNoticeSent(db, id);
  const context = { publicUrl: env().publicUrl, workspace };
  if (channel.kind === 'email') {
    if (mailSettings() === null) throw new Error(NO_MAIL);
    const mail = { subject: `Patchbay: ${noticeTitle(news)}`, body: noticeText(news, context) };
    return inClientTransaction(async (client) => {
      const mails = channel.recipients.map((recipient) => ({
        id: uuidv7(),
        workspaceId,
        recipient,
        ...mail,
      }));
      await insertEmails(client, mails);
      await markNoticeSent(client, id);
    }, db);
  }
  const target = openTarget({ workspaceId, recordId: channelId }, channel);
  if (target === null) throw new Error('The channel has no address. Give it one.');
  const body =
    channel.kind === 'slack'
      ? slackMessage(news, context)
      : webhookBody(news, context, notice.dueAt.toISOString());
  await callTarget(http, target, { id, body });
  return markNoticeSent(db, id);
}
