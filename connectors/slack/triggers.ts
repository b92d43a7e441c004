import { z } from 'zod';

import { appTriggers } from '#connectors/kit/app-trigger.ts';
import type { JsonObject } from '#core/json.ts';

const channel = z
  .string()
  .regex(/^[CGD][A-Z0-9]{6,20}$/, 'write the id of a channel, such as C0123456789')
  .optional()
  .meta({
    title: 'Channel',
    help: 'By its id. Left empty: every channel that the app is in.',
    placeholder: 'C0123456789',
    choices: 'channels',
    expression: false,
  });

const output = z.looseObject({
  type: z.string(),
  user: z.string().optional(),
  event_ts: z.string().optional(),
});

const message = {
  channel: 'C0123456789',
  user: 'U0123456789',
  text: 'The build is red',
  ts: '1768469400.000100',
  event_ts: '1768469400.000100',
  team: 'T0123456789',
} satisfies JsonObject;

/** What happens in a workspace of Slack that the app was added to. */
export const slackTriggers = appTriggers({ connector: 'slack', delivery: 'app_event' }, [
  {
    id: 'message_posted',
    label: 'Message posted',
    summary: 'Starts a run when somebody posts a message to a channel of Slack that the app is in.',
    input: z.strictObject({
      channel,
      fromBots: z.boolean().default(false).meta({
        title: 'Messages of bots, too',
        help: 'Off: a flow that posts to the channel does not start itself.',
        expression: false,
        advanced: true,
      }),
    }),
    output,
    sample: { type: 'message', ...message },
  },
  {
    id: 'app_mentioned',
    label: 'App mentioned',
    summary: 'Starts a run when somebody mentions the app in a channel of Slack.',
    input: z.strictObject({ channel }),
    output,
    sample: { type: 'app_mention', ...message, text: '<@U0LAN0Z89> is it green?' },
  },
  {
    id: 'reaction_added',
    label: 'Reaction added',
    summary: 'Starts a run when somebody adds a reaction to a message of Slack.',
    input: z.strictObject({
      channel,
      reaction: z.string().max(100).optional().meta({
        title: 'Reaction',
        help: 'Its name without colons. Left empty: any.',
        placeholder: 'eyes',
        expression: false,
      }),
    }),
    output,
    sample: {
      type: 'reaction_added',
      user: 'U0123456789',
      reaction: 'eyes',
      item: { type: 'message', channel: 'C0123456789', ts: '1768469400.000100' },
      event_ts: '1768469401.000200',
    },
  },
]);
