import { z } from 'zod';

export const channel = z.string().min(1).meta({
  title: 'Channel',
  help: 'Its id. The app must have been invited to a private one.',
  placeholder: 'C0123456789',
  choices: 'channels',
});

export const text = z.string().max(40_000).meta({
  title: 'Text',
  help: 'Slack’s mrkdwn: *bold*, _italic_, <https://example.com|a link>. With blocks, what notifications show.',
  widget: 'textarea',
});

export const blocks = z.array(z.unknown()).max(50).optional().meta({
  title: 'Blocks',
  help: 'A list of Block Kit blocks, as Slack’s Block Kit Builder makes them.',
  widget: 'value',
  advanced: true,
});

export const timestamp = z.string().min(1).meta({
  title: 'Message',
  help: 'The ts of the message, from the step that posted it.',
  placeholder: '1768469400.000100',
});

export const posted = z.looseObject({
  ok: z.boolean(),
  channel: z.string(),
  ts: z.string(),
  message: z.looseObject({ text: z.string().optional() }).optional(),
});

export const samplePosted = {
  ok: true,
  channel: 'C0123456789',
  ts: '1768469400.000100',
  message: { text: 'Order A-1042 was paid.' },
};
