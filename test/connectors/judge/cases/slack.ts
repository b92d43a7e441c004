import type { JudgeCases } from './case.ts';

const channel = 'C0123456789';
const text = 'Order *A-1042* was paid';
const blocks = [{ type: 'section', text: { type: 'mrkdwn', text } }];

export const slackCases: JudgeCases = {
  operations: {
    post_message: [
      { channel, text, blocks, thread: '1768469400.000100', broadcast: true, unfurl: false },
      { channel, text },
    ],
    send_direct_message: [{ user: 'U061F7AUR', text, blocks }],
    update_message: [{ channel, timestamp: '1768469400.000100', text, blocks }],
    add_reaction: [{ channel, timestamp: '1768469400.000100', name: 'white_check_mark' }],
    find_user: [{ email: 'ada@example.com' }],
    list_channels: [{ types: ['public_channel', 'private_channel'], excludeArchived: true, limit: 30 }],
    create_channel: [{ name: 'incident-42', isPrivate: true }],
  },
  lists: { channels: {}, users: {} },
};
