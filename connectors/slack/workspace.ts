import { z } from 'zod';

import { setting } from '#connectors/kit/http-call.ts';
import { type HttpOperation, limitSetting } from '#connectors/kit/http-operations.ts';
import { slackPages } from './pages.ts';

const channel = z.looseObject({
  id: z.string(),
  name: z.string(),
  is_private: z.boolean(),
  is_archived: z.boolean(),
  num_members: z.int().optional(),
});
const general = { id: 'C0123456789', name: 'orders', is_private: false, is_archived: false, num_members: 12 };

export const workspaceOperations: readonly HttpOperation[] = [
  {
    id: 'find_user',
    label: 'Find person by email',
    summary: 'Finds a member of the Slack workspace by their email address; fails where there is none.',
    effect: 'read',
    input: z.strictObject({
      email: z.string().min(3).meta({ title: 'Email', placeholder: 'ada@example.com' }),
    }),
    output: z.looseObject({
      id: z.string(),
      name: z.string(),
      real_name: z.string().optional(),
      tz: z.string().nullish(),
      profile: z.looseObject({ email: z.string().optional() }),
    }),
    sample: {
      id: 'U061F7AUR',
      name: 'ada',
      real_name: 'Ada Lovelace',
      tz: 'Europe/London',
      profile: { email: 'ada@example.com' },
    },
    call: { method: 'GET', path: '/users.lookupByEmail', query: { email: setting('email') }, pick: '/user' },
  },
  {
    id: 'list_channels',
    label: 'List channels',
    summary: 'Reads the channels of the Slack workspace that the app can see.',
    effect: 'read',
    input: z.strictObject({
      types: z
        .array(z.enum(['public_channel', 'private_channel', 'mpim', 'im']))
        .min(1)
        .default(['public_channel'])
        .meta({ title: 'Kinds', help: 'Private ones are those that the app was invited to.' }),
      excludeArchived: z.boolean().default(true).meta({ title: 'Without archived ones' }),
      limit: limitSetting(200),
    }),
    output: z.array(channel),
    sample: [general],
    call: {
      ...slackPages('/conversations.list', '/channels'),
      query: { types: setting('types', 'comma'), exclude_archived: setting('excludeArchived') },
    },
  },
  {
    id: 'create_channel',
    label: 'Create channel',
    summary: 'Creates a channel in the Slack workspace.',
    effect: 'once',
    input: z.strictObject({
      name: z
        .string()
        .regex(/^[^A-Z\s.]{1,80}$/, 'use small letters, digits, hyphens and underscores, 80 at most')
        .meta({ title: 'Name', help: 'Small letters, digits, - and _.', placeholder: 'incident-42' }),
      isPrivate: z.boolean().default(false).meta({ title: 'Private' }),
    }),
    output: channel,
    sample: { ...general, name: 'incident-42' },
    call: {
      method: 'POST',
      path: '/conversations.create',
      bodyType: 'form',
      body: { name: setting('name'), is_private: setting('isPrivate') },
      pick: '/channel',
    },
  },
];
