import { z } from 'zod';

import { setting } from '#connectors/kit/http-call.ts';
import type { HttpOperation } from '#connectors/kit/http-operations.ts';
import { blocks, channel, posted, samplePosted, text, timestamp } from './settings.ts';

export const messageOperations: readonly HttpOperation[] = [
  {
    id: 'post_message',
    label: 'Post message',
    summary: 'Posts a message to a Slack channel.',
    effect: 'once',
    input: z.strictObject({
      channel,
      text,
      blocks,
      thread: z.string().min(1).optional().meta({
        title: 'Thread',
        help: 'The ts of the message that it answers. Left empty: a message of its own.',
        placeholder: '1768469400.000100',
      }),
      broadcast: z.boolean().optional().meta({
        title: 'Show in the channel, too',
        help: 'For an answer in a thread.',
        advanced: true,
      }),
      unfurl: z.boolean().optional().meta({ title: 'Previews of links', advanced: true }),
    }),
    output: posted,
    sample: samplePosted,
    call: {
      method: 'POST',
      path: '/chat.postMessage',
      bodyType: 'form',
      body: {
        channel: setting('channel'),
        text: setting('text'),
        blocks: setting('blocks', 'json'),
        thread_ts: setting('thread'),
        reply_broadcast: setting('broadcast'),
        unfurl_links: setting('unfurl'),
      },
    },
  },
  {
    id: 'send_direct_message',
    label: 'Send direct message',
    summary: 'Sends a message of the app to one person on Slack.',
    effect: 'once',
    input: z.strictObject({
      user: z
        .string()
        .min(1)
        .meta({ title: 'Person', help: 'The id of a member.', placeholder: 'U061F7AUR', choices: 'users' }),
      text,
      blocks,
    }),
    output: posted,
    sample: { ...samplePosted, channel: 'D0G9QPY56' },
    call: {
      method: 'POST',
      path: '/chat.postMessage',
      bodyType: 'form',
      body: { channel: setting('user'), text: setting('text'), blocks: setting('blocks', 'json') },
    },
  },
  {
    id: 'update_message',
    label: 'Update message',
    summary: 'Changes a message that the app posted on Slack.',
    effect: 'keyed',
    input: z.strictObject({ channel, timestamp, text, blocks }),
    output: posted,
    sample: samplePosted,
    call: {
      method: 'POST',
      path: '/chat.update',
      bodyType: 'form',
      body: {
        channel: setting('channel'),
        ts: setting('timestamp'),
        text: setting('text'),
        blocks: setting('blocks', 'json'),
      },
    },
  },
  {
    id: 'add_reaction',
    label: 'Add reaction',
    summary: 'Puts an emoji on a message on Slack.',
    effect: 'keyed',
    input: z.strictObject({
      channel,
      timestamp,
      name: z
        .string()
        .regex(/^[^:\s]+$/, 'write the name without colons')
        .meta({ title: 'Emoji', help: 'Its name, without colons.', placeholder: 'white_check_mark' }),
    }),
    output: z.looseObject({ ok: z.boolean() }),
    sample: { ok: true },
    call: {
      method: 'POST',
      path: '/reactions.add',
      bodyType: 'form',
      body: { channel: setting('channel'), timestamp: setting('timestamp'), name: setting('name') },
    },
  },
];
