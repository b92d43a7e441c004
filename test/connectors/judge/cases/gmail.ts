import type { JudgeCases } from './case.ts';

const written = { text: 'Hello Ada', html: '<p>Hello Ada</p>' };
const mail = {
  to: ['ada@example.com'],
  cc: ['bob@example.com'],
  bcc: ['eve@example.com'],
  subject: 'Order',
  ...written,
};

export const gmailCases: JudgeCases = {
  operations: {
    send_message: [mail],
    reply_to_message: [{ messageId: '18c2f1a9b3d4e5f6', ...written }],
    create_draft: [mail],
    search_messages: [{ query: 'from:ada newer_than:2d', labels: ['INBOX', 'UNREAD'], limit: 5 }],
    get_message: [{ messageId: '18c2f1a9b3d4e5f6' }],
    change_labels: [{ messageId: '18c2f1a9b3d4e5f6', add: ['Label_12'], remove: ['UNREAD'] }],
    get_attachment: [{ messageId: '18c2f1a9b3d4e5f6', attachmentId: 'ANGjdJ8w' }],
  },
  lists: { labels: {} },
};
