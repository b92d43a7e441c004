import { z } from 'zod';

import { setting } from '#connectors/kit/http-call.ts';
import { type HttpOperation, limitSetting } from '#connectors/kit/http-operations.ts';
import {
  bcc,
  cc,
  html,
  messageId,
  reference,
  sampleReference,
  sampleSent,
  sent,
  subject,
  text,
  to,
} from './settings.ts';

const label = z.string().min(1).meta({ choices: 'labels' });

/** Those without a call have handlers by hand: they write whole messages. */
export const messageOperations: readonly HttpOperation[] = [
  {
    id: 'send_message',
    label: 'Send email',
    summary: 'Sends an email from the Gmail account.',
    effect: 'once',
    input: z.strictObject({ to, cc, bcc, subject, text, html }),
    output: sent,
    sample: sampleSent,
  },
  {
    id: 'reply_to_message',
    label: 'Reply to email',
    summary: 'Answers the sender of an email of the Gmail account, in its thread.',
    effect: 'once',
    input: z.strictObject({ messageId, text, html }),
    output: sent,
    sample: sampleSent,
  },
  {
    id: 'create_draft',
    label: 'Draft email',
    summary: 'Puts an email into the drafts of the Gmail account.',
    effect: 'once',
    input: z.strictObject({ to, cc, bcc, subject, text, html }),
    output: z.looseObject({ id: z.string(), message: reference }),
    sample: { id: 'r-8452', message: sampleReference },
  },
  {
    id: 'search_messages',
    label: 'Search emails',
    summary: 'Finds emails of the Gmail account; gives their ids, the newest first.',
    effect: 'read',
    input: z.strictObject({
      query: z.string().optional().meta({
        title: 'Query',
        help: 'As in Gmail’s search field. Left empty: all.',
        placeholder: 'from:ada@example.com newer_than:2d',
      }),
      labels: z.array(label).optional().meta({ title: 'Labels', help: 'Ids of labels that they all have.' }),
      limit: limitSetting(100),
    }),
    output: z.array(reference),
    sample: [sampleReference],
    call: {
      method: 'GET',
      path: '/gmail/v1/users/me/messages',
      query: { q: setting('query'), labelIds: setting('labels') },
      pick: '/messages',
      paging: {
        kind: 'cursor',
        next: '/nextPageToken',
        name: 'pageToken',
        size: { name: 'maxResults', most: 100 },
      },
    },
  },
  {
    id: 'get_message',
    label: 'Get email',
    summary: 'Reads an email of the Gmail account: headers, text, and what is attached.',
    effect: 'read',
    input: z.strictObject({ messageId }),
    output: reference.extend({
      labelIds: z.array(z.string()),
      from: z.string(),
      to: z.string(),
      subject: z.string(),
      date: z.string(),
      snippet: z.string(),
      text: z.string(),
      html: z.string(),
      attachments: z.array(
        z.looseObject({ id: z.string(), name: z.string(), type: z.string(), size: z.int() }),
      ),
    }),
    sample: {
      ...sampleReference,
      labelIds: ['INBOX', 'UNREAD'],
      from: 'Ada Lovelace <ada@example.com>',
      to: 'orders@example.com',
      subject: 'Order',
      date: 'Thu, 15 Jan 2026 09:30:00 +0000',
      snippet: 'Two engines, please.',
      text: 'Two engines, please.\n',
      html: '',
      attachments: [{ id: 'ANGjdJ8w', name: 'order.pdf', type: 'application/pdf', size: 48_213 }],
    },
    call: { method: 'GET', path: '/gmail/v1/users/me/messages/{messageId}', query: { format: 'full' } },
  },
  {
    id: 'change_labels',
    label: 'Change labels of email',
    summary:
      'Puts labels on an email of the Gmail account and takes others off; INBOX and UNREAD are labels, too.',
    effect: 'keyed',
    input: z.strictObject({
      messageId,
      add: z.array(label).max(100).optional().meta({ title: 'Put on', help: 'Ids of labels.' }),
      remove: z
        .array(label)
        .max(100)
        .optional()
        .meta({ title: 'Take off', help: 'Ids of labels.', placeholder: 'UNREAD' }),
    }),
    output: sent,
    sample: { ...sampleReference, labelIds: ['Label_12'] },
    call: {
      method: 'POST',
      path: '/gmail/v1/users/me/messages/{messageId}/modify',
      body: { addLabelIds: setting('add'), removeLabelIds: setting('remove') },
    },
  },
  {
    id: 'get_attachment',
    label: 'Get attachment',
    summary: 'Reads a file that is attached to an email of the Gmail account, in base64.',
    effect: 'read',
    input: z.strictObject({
      messageId,
      attachmentId: z
        .string()
        .min(1)
        .meta({ title: 'Attachment', help: 'Its id, from Get email; it changes with every look.' }),
    }),
    output: z.looseObject({ size: z.int(), base64: z.string() }),
    sample: { size: 5, base64: 'SGVsbG8=' },
    call: { method: 'GET', path: '/gmail/v1/users/me/messages/{messageId}/attachments/{attachmentId}' },
  },
];
