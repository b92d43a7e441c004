import { randomBytes } from 'node:crypto';

import type pg from 'pg';

import type { Approvers } from '#server/approvals/approvers.ts';
import { sha256 } from '#server/auth/sha256.ts';
import { uuidv7 } from '#server/db/uuid.ts';
import { env } from '#server/env.ts';
import { mailSettings } from '#server/mail/mail-settings.ts';
import { insertLinks, readRecipients } from '#server/sql/approvals.ts';
import { insertEmails } from '#server/sql/emails.ts';

export interface MailedApproval {
  readonly id: string;
  readonly workspaceId: string;
  readonly flowName: string;
  readonly question: string;
  readonly approvers: Approvers;
  readonly expiresAt: Date | null;
}

/**
 * Mails a link of their own to everyone who is asked, in the client's transaction: to the addresses, or to the members with
 * the role (where there is none, with a higher one). Without SMTP nobody is mailed and no link is made.
 */
export async function mailApproval(
  client: pg.ClientBase,
  approval: MailedApproval,
  why: 'asked' | 'reminded',
): Promise<void> {
  if (mailSettings() === null) return;
  const recipients = await readRecipients(client, approval);
  const links = recipients.map((email) => ({
    id: uuidv7(),
    email,
    token: randomBytes(32).toString('base64url'),
  }));
  await insertLinks(
    client,
    approval.id,
    links.map(({ id, email, token }) => ({ id, email, tokenHash: sha256(token) })),
  );
  await insertEmails(
    client,
    links.map(({ email, token }) => ({
      id: uuidv7(),
      workspaceId: approval.workspaceId,
      recipient: email,
      subject: subjectOf(approval, why),
      body: bodyOf(approval, `${env().publicUrl}/approve/${token}`),
    })),
  );
}

/** One line, whatever the question holds. */
function subjectOf({ question }: MailedApproval, why: 'asked' | 'reminded'): string {
  const line = question.replace(/[\s\p{Cc}]+/gu, ' ').trim();
  const short = line.length > 120 ? `${line.slice(0, 119).toWellFormed()}…` : line;
  return `${why === 'reminded' ? 'Reminder: approve' : 'Approve'}? ${short}`;
}

function bodyOf({ flowName, question, expiresAt }: MailedApproval, url: string): string {
  const expiry = expiresAt
    ? `\nIt expires at ${expiresAt
        .toISOString()
        .replace(/\.\d+Z$/, ' UTC')
        .replace('T', ' ')}.`
    : '';
  return `The flow “${flowName}” asks for your decision:

${question}

Look at it and decide here:
${url}

The link is yours alone and decides once. Whoever has it can decide in your name, so do not pass it on.${expiry}
`;
}
