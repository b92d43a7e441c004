import MailComposer from 'nodemailer/lib/mail-composer';
import type { z } from 'zod';

import { shorten } from '#connectors/shorten.ts';
import { StepFailure } from '#core/step-failure.ts';
import { MAX_ATTACHMENT_BYTES, type sendInput } from './definition.ts';
import { readMailAddress, type MailAddress } from './mail-address.ts';

/** A mail as it goes over the wire, and whom it goes to. */
export interface ComposedMail {
  readonly messageId: string;
  readonly sender: string;
  readonly recipients: readonly string[];
  readonly bytes: Buffer;
}

/** Writes a mail (RFC 5322). Its id is the step's idempotency key: whoever gets it twice can tell. Throws `StepFailure`. */
export async function composeMail(
  input: z.output<typeof sendInput>,
  { from, idempotencyKey }: { readonly from: string; readonly idempotencyKey: string },
): Promise<ComposedMail> {
  const sender = read(from);
  const [to, cc, bcc] = [input.to, input.cc ?? [], input.bcc ?? []].map((list) => list.map(read)) as [
    MailAddress[],
    MailAddress[],
    MailAddress[],
  ];
  const messageId = `<${idempotencyKey}@${sender.address.split('@')[1]}>`;
  const composer = new MailComposer({
    from: { ...sender },
    to,
    cc,
    ...(input.replyTo !== undefined && { replyTo: { ...read(input.replyTo) } }),
    subject: input.subject,
    ...(input.text !== undefined && { text: input.text }),
    ...(input.html !== undefined && { html: input.html }),
    attachments: attachmentsOf(input),
    messageId,
    headers: { 'Auto-Submitted': 'auto-generated' },
    // What flows handle must not make us read files or fetch addresses.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const recipients = [...new Set([...to, ...cc, ...bcc].map(({ address }) => address))];
  return { messageId, sender: sender.address, recipients, bytes: await composer.compile().build() };
}

function attachmentsOf({ attachments = [] }: z.output<typeof sendInput>) {
  const read = attachments.map(({ filename, content, contentType }) => ({
    filename,
    content: Buffer.from(content, 'base64'),
    ...(contentType !== undefined && { contentType }),
  }));
  const bytes = read.reduce((sum, { content }) => sum + content.length, 0);
  if (bytes <= MAX_ATTACHMENT_BYTES) return read;
  throw new StepFailure({
    kind: 'invalid',
    code: 'attachments_too_large',
    message: `The attachments have ${(bytes / 1_048_576).toFixed(1)} MiB together; 3 MiB are sent at most.`,
    pointer: '/config/attachments',
  });
}

function read(text: string): MailAddress {
  const address = readMailAddress(text);
  if (address) return address;
  const message = `“${shorten(text, 100)}” is not one mail address.`;
  throw new StepFailure({ kind: 'invalid', code: 'invalid_address', message });
}
