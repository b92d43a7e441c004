import type { Json } from '../../json.ts';
import { at, textAt } from '../json-fields.ts';
import { given } from '../mapped.ts';
import { many } from './item-data.ts';
import { addresses, app, limitOf, setting } from './n8n-app-kit.ts';
import { askConnection, askValue, becomes, type N8nMapping, type N8nNode } from './n8n-node.ts';

export const gmail = app('Gmail', ['message', 'send'], {
  'message.send': {
    type: 'gmail.send_message',
    config: (node) => ({
      ...mail(node, 'sendTo', 'message'),
      cc: addresses(node, 'Cc', 'options', 'ccList'),
      bcc: addresses(node, 'Bcc', 'options', 'bccList'),
    }),
  },
  'message.reply': {
    type: 'gmail.reply_to_message',
    config: (node) => ({ messageId: setting(node, 'Message', 'messageId'), ...bodyOf(node, 'message') }),
  },
  'message.getAll': {
    type: 'gmail.search_messages',
    config: (node) => ({ query: setting(node, 'Query', 'filters', 'q'), limit: limitOf(node) }),
    data: ({ id }) => many(`steps.${id}`),
  },
  'message.get': {
    type: 'gmail.get_message',
    config: (node) => ({ messageId: setting(node, 'Message', 'messageId') }),
  },
});

function mail(node: N8nNode, to: string, body: string): Readonly<Record<string, Json | undefined>> {
  if (
    at(node.parameters, 'options', 'attachmentsUi') !== undefined ||
    at(node.parameters, 'options', 'attachments') !== undefined
  ) {
    askValue(node, 'Attachments', 'Files do not go from step to step here.', 'Send a link in their place.');
  }
  return {
    to: addresses(node, 'To', to),
    subject: setting(node, 'Subject', 'subject') ?? '',
    ...bodyOf(node, body),
  };
}

/** n8n sends one text, as HTML unless it is told otherwise. */
function bodyOf(node: N8nNode, body: string): Readonly<Record<string, Json | undefined>> {
  const text = setting(node, 'Text', body);
  const isHtml = textAt(node.parameters, ['emailType'], 'html') === 'html';
  if (!isHtml) return { text };
  const isPlain = typeof text === 'string' && !/<\w/.test(text);
  if (isPlain) return { text };
  askValue(
    node,
    'Text',
    'A mail here has a plain text beside the HTML.',
    'Write what mail programs without HTML show.',
  );
  return { text: '', html: text };
}

export const emailSend: N8nMapping = (node) => {
  askConnection(node, 'your mail server');
  const format = textAt(node.parameters, ['emailFormat'], node.version >= 2.1 ? 'html' : 'text');
  const from = textAt(node.parameters, ['fromEmail']);
  if (from !== '')
    node.hint({ kind: 'know', place: 'From', why: 'The sender is that of the connection.', original: from });
  if (
    at(node.parameters, 'options', 'attachments') !== undefined ||
    textAt(node.parameters, ['attachments']) !== ''
  ) {
    askValue(node, 'Attachments', 'Files do not go from step to step here.', 'Send a link in their place.');
  }
  return becomes(
    node,
    'smtp.send',
    given({
      to: addresses(node, 'To', 'toEmail'),
      cc: addresses(node, 'Cc', 'options', 'ccEmail') ?? addresses(node, 'Cc', 'ccEmail'),
      bcc: addresses(node, 'Bcc', 'options', 'bccEmail') ?? addresses(node, 'Bcc', 'bccEmail'),
      replyTo: setting(node, 'Reply to', 'options', 'replyTo'),
      subject: setting(node, 'Subject', 'subject') ?? '',
      text: format === 'html' ? undefined : setting(node, 'Text', 'text'),
      html: format === 'text' ? undefined : setting(node, 'HTML', 'html'),
    }),
  );
};
