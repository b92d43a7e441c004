import type { JudgeCases } from './case.ts';

export const microsoftCases: JudgeCases = {
  operations: {
    send_mail: [
      {
        to: ['ada@example.com'],
        cc: ['bob@example.com'],
        subject: 'Order',
        body: '<p>Hello</p>',
        contentType: 'html',
        keep: false,
      },
      { to: ['ada@example.com'], subject: 'Order', body: 'Hello' },
    ],
    list_messages: [{ filter: 'isRead eq false', limit: 5 }],
    reply_to_message: [{ messageId: 'AAMkAGUAAAwTW09AAA=', comment: 'Thanks' }],
    create_event: [
      {
        subject: 'Handover',
        start: '2026-01-16T10:00:00',
        end: '2026-01-16T10:30:00',
        timeZone: 'Europe/Berlin',
        body: 'Agenda',
        location: 'Room 4',
        attendees: ['ada@example.com'],
        isOnline: true,
      },
      { subject: 'Handover', start: '2026-01-16T10:00:00', end: '2026-01-16T10:30:00' },
    ],
    list_events: [{ from: '2026-01-16T00:00:00Z', to: '2026-01-17T00:00:00Z', limit: 5 }],
    post_channel_message: [
      { team: 't-1', channel: '19:4a95@thread.tacv2', text: 'Hello', contentType: 'text' },
    ],
    add_table_row: [
      { drive: 'b!1', file: '01BYE5RZ', table: 'Orders', cells: ['A-1042', 18_500, true, null] },
    ],
  },
  lists: { teams: {}, channels: { team: 't-1' }, drives: {}, tables: { drive: 'b!1', file: '01BYE5RZ' } },
};
