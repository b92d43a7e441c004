import { z } from 'zod';

import { setting } from '#connectors/kit/http-call.ts';
import { type HttpOperation, limitSetting } from '#connectors/kit/http-operations.ts';
import { graphPages } from './paging.ts';

const addresses = z.array(z.string().min(3).max(320)).max(500);

export const mailOperations: readonly HttpOperation[] = [
  {
    id: 'send_mail',
    label: 'Send email',
    summary: 'Sends an email from the Outlook account.',
    effect: 'once',
    input: z.strictObject({
      to: addresses.min(1).meta({ title: 'To', help: 'Email addresses.', placeholder: 'ada@example.com' }),
      cc: addresses.optional().meta({ title: 'Cc', help: 'Email addresses.', advanced: true }),
      subject: z.string().max(255).meta({ title: 'Subject', placeholder: 'Your order A-1042' }),
      body: z
        .string()
        .max(1_000_000)
        .meta({ title: 'Text', help: 'Plain text or HTML.', widget: 'textarea' }),
      contentType: z.enum(['text', 'html']).default('text').meta({ title: 'Written in' }),
      keep: z.boolean().default(true).meta({ title: 'Keep a copy in Sent Items', advanced: true }),
    }),
    output: z.looseObject({ sent: z.boolean() }),
    sample: { sent: true },
    call: {
      method: 'POST',
      path: '/me/sendMail',
      body: {
        message: {
          subject: setting('subject'),
          body: { contentType: setting('contentType'), content: setting('body') },
          toRecipients: setting('to', 'recipients'),
          ccRecipients: setting('cc', 'recipients'),
        },
        saveToSentItems: setting('keep'),
      },
      whenEmpty: { sent: true },
    },
  },
  {
    id: 'list_messages',
    label: 'List emails',
    summary: 'Reads emails of the Outlook account, the newest first.',
    effect: 'read',
    input: z.strictObject({
      filter: z.string().min(1).optional().meta({
        title: 'Filter',
        help: 'In OData. Left empty: all.',
        placeholder: 'receivedDateTime ge 2026-01-15T00:00:00Z and isRead eq false',
      }),
      limit: limitSetting(50),
    }),
    output: z.array(
      z.looseObject({
        id: z.string(),
        subject: z.string().nullable(),
        bodyPreview: z.string(),
        receivedDateTime: z.string(),
        isRead: z.boolean(),
        from: z.looseObject({ emailAddress: z.looseObject({ address: z.string() }) }).optional(),
      }),
    ),
    sample: [
      {
        id: 'AAMkAGUAAAwTW09AAA=',
        subject: 'Order',
        bodyPreview: 'Two engines, please.',
        receivedDateTime: '2026-01-15T09:30:00Z',
        isRead: false,
        from: { emailAddress: { address: 'ada@example.com' } },
      },
    ],
    call: { ...graphPages('/me/messages', 50), query: { $filter: setting('filter') } },
  },
  {
    id: 'reply_to_message',
    label: 'Reply to email',
    summary: 'Answers an email of the Outlook account.',
    effect: 'once',
    input: z.strictObject({
      messageId: z
        .string()
        .min(1)
        .meta({ title: 'Message', help: 'Its id, from a list.', placeholder: 'AAMkAGUAAAwTW09AAA=' }),
      comment: z
        .string()
        .min(1)
        .max(1_000_000)
        .meta({ title: 'Text', help: 'Plain text, above the email that is answered.', widget: 'textarea' }),
    }),
    output: z.looseObject({ sent: z.boolean() }),
    sample: { sent: true },
    call: {
      method: 'POST',
      path: '/me/messages/{messageId}/reply',
      body: { comment: setting('comment') },
      whenEmpty: { sent: true },
    },
  },
];
