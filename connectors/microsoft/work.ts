import { z } from 'zod';

import { setting, when } from '#connectors/kit/http-call.ts';
import { type HttpOperation, limitSetting } from '#connectors/kit/http-operations.ts';
import { graphPages } from './paging.ts';

const event = z.looseObject({
  id: z.string(),
  subject: z.string().nullable(),
  webLink: z.string(),
  start: z.looseObject({ dateTime: z.string(), timeZone: z.string() }),
  end: z.looseObject({ dateTime: z.string(), timeZone: z.string() }),
});
const sampleEvent = {
  id: 'AAMkAGIAAAoZDOFAAA=',
  subject: 'Handover',
  webLink: 'https://outlook.office365.com/owa/?itemid=AAMkAGIAAAoZDOFAAA%3D',
  start: { dateTime: '2026-01-16T10:00:00.0000000', timeZone: 'UTC' },
  end: { dateTime: '2026-01-16T10:30:00.0000000', timeZone: 'UTC' },
};
const time = z.string().min(1);

export const workOperations: readonly HttpOperation[] = [
  {
    id: 'create_event',
    label: 'Create event',
    summary: 'Puts an event into the Outlook calendar of the account.',
    effect: 'once',
    input: z.strictObject({
      subject: z.string().min(1).max(255).meta({ title: 'Subject', placeholder: 'Handover' }),
      start: time.meta({
        title: 'Begins',
        help: 'Without an offset: the zone below says it.',
        placeholder: '2026-01-16T10:00:00',
      }),
      end: time.meta({ title: 'Ends', help: 'As above.', placeholder: '2026-01-16T10:30:00' }),
      timeZone: z
        .string()
        .default('UTC')
        .meta({ title: 'Time zone', help: 'By its name.', placeholder: 'Europe/Berlin' }),
      body: z.string().optional().meta({ title: 'Text', help: 'Plain text.', widget: 'textarea' }),
      location: z.string().optional().meta({ title: 'Place', placeholder: 'Room 4' }),
      attendees: z
        .array(z.string().min(3).max(320))
        .max(500)
        .optional()
        .meta({ title: 'Attendees', help: 'Email addresses; they are invited.' }),
      isOnline: z.boolean().optional().meta({ title: 'Teams meeting' }),
    }),
    output: event,
    sample: sampleEvent,
    call: {
      method: 'POST',
      path: '/me/events',
      body: {
        subject: setting('subject'),
        start: { dateTime: setting('start'), timeZone: setting('timeZone') },
        end: { dateTime: setting('end'), timeZone: setting('timeZone') },
        body: when('body', { contentType: 'text', content: setting('body') }),
        location: { displayName: setting('location') },
        attendees: setting('attendees', 'attendees'),
        isOnlineMeeting: setting('isOnline'),
      },
    },
  },
  {
    id: 'list_events',
    label: 'List events',
    summary: 'Reads the events of the Outlook calendar between two times, those of series too.',
    effect: 'read',
    input: z.strictObject({
      from: time.meta({ title: 'From', placeholder: '2026-01-16T00:00:00Z' }),
      to: time.meta({ title: 'To', placeholder: '2026-01-17T00:00:00Z' }),
      limit: limitSetting(50),
    }),
    output: z.array(event),
    sample: [sampleEvent],
    call: {
      ...graphPages('/me/calendarView', 50),
      query: { startDateTime: setting('from'), endDateTime: setting('to') },
    },
  },
  {
    id: 'post_channel_message',
    label: 'Post to Teams channel',
    summary: 'Posts a message to a channel of Microsoft Teams, as the person who connected.',
    effect: 'once',
    input: z.strictObject({
      team: z.string().min(1).meta({ title: 'Team', help: 'Its id.', choices: 'teams' }),
      channel: z.string().min(1).meta({ title: 'Channel', help: 'Its id.', choices: 'channels' }),
      text: z
        .string()
        .min(1)
        .max(28_000)
        .meta({ title: 'Text', help: 'Plain text or HTML.', widget: 'textarea' }),
      contentType: z.enum(['text', 'html']).default('text').meta({ title: 'Written in' }),
    }),
    output: z.looseObject({ id: z.string(), createdDateTime: z.string(), webUrl: z.string().nullish() }),
    sample: {
      id: '1616990032035',
      createdDateTime: '2026-01-15T09:30:00Z',
      webUrl: 'https://teams.microsoft.com/l/message/19%3A4a95/1616990032035',
    },
    call: {
      method: 'POST',
      path: '/teams/{team}/channels/{channel}/messages',
      body: { body: { contentType: setting('contentType'), content: setting('text') } },
    },
  },
  {
    id: 'add_table_row',
    label: 'Add Excel row',
    summary: 'Adds a row to a table of an Excel workbook in OneDrive or SharePoint.',
    effect: 'once',
    input: z.strictObject({
      drive: z.string().min(1).meta({ title: 'Drive', help: 'Its id.', choices: 'drives' }),
      file: z.string().min(1).meta({
        title: 'Workbook',
        help: 'The id of the file.',
        placeholder: '01BYE5RZ6QN3ZWBTUFOFD3GSPGOHDJD36K',
      }),
      table: z
        .string()
        .min(1)
        .meta({ title: 'Table', help: 'Its name or id.', placeholder: 'Orders', choices: 'tables' }),
      cells: z
        .array(z.union([z.string(), z.number(), z.boolean(), z.null()]))
        .min(1)
        .meta({ title: 'Cells', help: 'One for each column of the table, in their order.', widget: 'value' }),
    }),
    output: z.looseObject({ index: z.int(), values: z.array(z.array(z.unknown())) }),
    sample: { index: 7, values: [['A-1042', 18_500]] },
    call: {
      method: 'POST',
      path: '/drives/{drive}/items/{file}/workbook/tables/{table}/rows',
      body: { values: [setting('cells')] },
    },
  },
];
