import { env } from '#server/env.ts';

/** Where mail goes out, and as whom. */
export interface MailSettings {
  readonly smtpUrl: string;
  readonly from: string;
}

/** Null when no mail is sent: then none is queued either. */
export function mailSettings(): MailSettings | null {
  const { PATCHBAY_SMTP_URL: smtpUrl, PATCHBAY_MAIL_FROM: from } = env();
  return smtpUrl === undefined || from === undefined ? null : { smtpUrl, from };
}
