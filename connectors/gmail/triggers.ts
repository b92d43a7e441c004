import { z } from 'zod';

import { appTriggers } from '#connectors/kit/app-trigger.ts';
import { pollEvery } from '#connectors/poll-every.ts';

/** What arrives in an account of Gmail. */
export const gmailTriggers = appTriggers({ connector: 'gmail', delivery: 'polling' }, [
  {
    id: 'message_received',
    label: 'Email received',
    summary: 'Starts a run for each email that arrives in Gmail.',
    input: z.strictObject({
      label: z.string().min(1).max(200).default('INBOX').meta({
        title: 'Label',
        help: 'By its id: INBOX, STARRED, or that of a label of your own.',
        placeholder: 'INBOX',
        choices: 'labels',
        expression: false,
      }),
      everySeconds: pollEvery,
    }),
    output: z.looseObject({
      id: z.string(),
      threadId: z.string(),
      labelIds: z.array(z.string()),
      snippet: z.string(),
      from: z.string(),
      to: z.string(),
      subject: z.string(),
      date: z.string(),
    }),
    sample: {
      id: '18c0ffee00000001',
      threadId: '18c0ffee00000001',
      labelIds: ['INBOX', 'UNREAD'],
      snippet: 'It is on fire.',
      from: 'Ada Lovelace <ada@example.com>',
      to: 'ops@example.com',
      subject: 'The printer',
      date: 'Thu, 15 Jan 2026 09:30:00 +0000',
    },
    note: 'The body of an email is read with the next step.',
  },
]);
