import { createTransport, type Transporter } from 'nodemailer';

import type { MailSettings } from '#server/mail/mail-settings.ts';

/** A mail in plain text. */
export interface Mail {
  /** The same at every attempt: a receiver that got it twice can tell. */
  readonly id: string;
  readonly recipient: string;
  readonly subject: string;
  readonly body: string;
}

/** Sends mails over SMTP, by one connection that is kept for a while. */
export interface MailTransport {
  /** Rejects with what the server said, or why it could not be reached. */
  send(mail: Mail): Promise<void>;
  close(): void;
}

const TIMEOUT_MS = 20_000;

/** Opens nothing yet. TLS is used wherever the server offers it; certificates are checked. */
export function openMailTransport({ smtpUrl, from }: MailSettings): MailTransport {
  const transporter: Transporter = createTransport({
    ...{ url: smtpUrl, pool: true, maxConnections: 1 },
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    // The text is a person's: it must not make us read files or fetch URLs.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    send: async ({ id, recipient, subject, body }) => {
      await transporter.sendMail({
        from,
        to: { name: '', address: recipient },
        subject,
        text: body,
        messageId: `<${id}@${senderHost(from)}>`,
        headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
      });
    },
    close: () => transporter.close(),
  };
}

function senderHost(from: string): string {
  return /@([A-Za-z0-9.-]+)>?\s*$/.exec(from)?.[1] ?? 'patchbay.invalid';
}
