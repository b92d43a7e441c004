import MailComposer from 'nodemailer/lib/mail-composer/index.js';

import { textOf } from '#connectors/kit/text-of.ts';
import type { JsonObject } from '#core/json.ts';

/** Headers that put a message into a conversation. */
export interface Answered {
  readonly inReplyTo: string;
  readonly references: string;
}

/** A whole message, as mail servers pass it on, in the base64 that Gmail takes. Reads no file and no address. */
export async function writeMessage(
  { to, cc, bcc, subject, text, html }: JsonObject,
  answered?: Answered,
): Promise<string> {
  const composer = new MailComposer({
    to: list(to),
    cc: list(cc),
    bcc: list(bcc),
    subject: textOf(subject),
    text: textOf(text),
    ...(typeof html === 'string' && { html }),
    ...answered,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const node = composer.compile();
  // Gmail reads the receivers from the message, and takes these off before it sends.
  node.keepBcc = true;
  return (await node.build()).toString('base64url');
}

function list(addresses: unknown): string[] {
  return Array.isArray(addresses) ? addresses.map(String) : [];
}
