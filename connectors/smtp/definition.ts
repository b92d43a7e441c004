import { z } from 'zod';

import type { ActionDef, ConnectorDef } from '#connectors/contract.ts';
import { authorityField, placeFields } from '#connectors/place-fields.ts';
import { isMailAddress } from './mail-address.ts';

const PLACE = placeFields('mail.example.com');

const MAX_RECIPIENTS = 100;
const MAX_ATTACHMENTS = 20;
/** Of all attachments of a mail together, once decoded. */
export const MAX_ATTACHMENT_BYTES = 3 * 1_048_576;

const address = z
  .string()
  .refine(isMailAddress, 'write one address, such as ada@example.com or Ada Lovelace <ada@example.com>');

const addresses = z.array(address).max(MAX_RECIPIENTS);

/** Text of one line: a line break would begin another header. */

const line = z
  .string()
  .regex(/^[^\u0000-\u001f\u007f]*$/, 'cannot hold line breaks or other control characters');

const attachment = z.strictObject({
  filename: line.min(1).max(200).meta({ title: 'File name', placeholder: 'invoice.pdf' }),
  content: z
    .string()
    .regex(/^[A-Za-z0-9+/\s]*={0,2}\s*$/, 'write the content in base64')
    .meta({ title: 'Content', help: 'In base64.' }),
  contentType: z
    .string()
    .regex(/^[\w.+-]+\/[\w.+-]+$/, 'write a media type, such as application/pdf')
    .optional()
    .meta({ title: 'Media type', help: 'Left empty, what the file name suggests.' }),
});

/** Settings of `smtp.send`. */
export const sendInput = z
  .strictObject({
    to: addresses.min(1).meta({ title: 'To', help: 'Addresses, one each.' }),
    cc: addresses.optional().meta({ title: 'Cc', help: 'Addresses that all recipients see.' }),
    bcc: addresses.optional().meta({ title: 'Bcc', help: 'Addresses that nobody else sees.' }),
    replyTo: address.optional().meta({ title: 'Reply to', placeholder: 'support@example.com' }),
    subject: line.max(900).meta({ title: 'Subject', placeholder: 'Order 4711 is on its way' }),
    text: z
      .string()
      .optional()
      .meta({ title: 'Text', help: 'Plain text; left empty where there is HTML.', widget: 'textarea' }),
    html: z.string().optional().meta({
      title: 'HTML',
      help: 'With a text as well, readers without HTML see that.',
      widget: 'textarea',
    }),
    attachments: z
      .array(attachment)
      .max(MAX_ATTACHMENTS)
      .optional()
      .meta({ title: 'Attachments', help: 'Together 3 MiB at most.', advanced: true }),
  })
  .superRefine((mail, issues) => {
    if (mail.text === undefined && mail.html === undefined)
      issues.addIssue({ code: 'custom', path: ['text'], message: 'write a text, or HTML' });
  });

const send: ActionDef = {
  kind: 'action',
  id: 'send',
  version: 1,
  label: 'Send a mail',
  summary: 'Sends a mail over your own mail server (SMTP).',
  icon: 'send',
  effect: 'once',
  note: 'A mail cannot be taken back, and no server tells copies apart: a step whose worker dies while it sends is in doubt, and waits for a person.',
  timeoutSeconds: 60,
  input: sendInput,
  output: z.object({
    messageId: z.string(),
    accepted: z.array(z.string()),
    rejected: z.array(z.object({ address: z.string(), reason: z.string() })),
    response: z.string(),
  }),
  sample: {
    messageId: '<7f9c24e8-3b12-8a6f-9c1d-2e5b7a904c33@example.com>',
    accepted: ['ada@example.com'],
    rejected: [],
    response: '250 2.0.0 OK: queued as 4Zx1qK2',
  },
  connectors: ['smtp'],
  needsConnection: () => true,
  initialConfig: { to: [], subject: '', text: '' },
};

export const smtpConnector: ConnectorDef = {
  id: 'smtp',
  label: 'E-mail (SMTP)',
  summary: 'Send mails over your own mail server.',
  icon: 'mail',
  category: 'app',
  connection: z
    .strictObject({
      host: PLACE.host,
      port: PLACE.port.optional().meta({
        title: 'Port',
        help: 'Left empty: 465 with TLS, 587 with STARTTLS, 25 without.',
        placeholder: '587',
      }),
      security: z.enum(['starttls', 'tls', 'none']).default('starttls').meta({
        title: 'Encryption',
        help: 'starttls turns to TLS after the greeting and is not given up without it; none is for servers on the same machine.',
      }),
      user: z
        .string()
        .min(1)
        .optional()
        .meta({ title: 'User name', help: 'Left empty where the server wants none.' }),
      password: z.string().optional().meta({ title: 'Password', secret: true }),
      from: address.meta({ title: 'Sender', placeholder: 'Patchbay <flows@example.com>' }),
      ca: authorityField,
    })
    .superRefine(({ user, password }, issues) => {
      if ((user === undefined) !== (password === undefined))
        issues.addIssue({
          code: 'custom',
          path: [user === undefined ? 'user' : 'password'],
          message: 'a user name and a password belong together',
        });
    }),
  proof: 'real_server',
  operations: [send],
};
