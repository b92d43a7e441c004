import { z } from 'zod';

import { timestampSchema } from './common.ts';

/** Where an app sends the events of all its accounts. */
export const appHookSchema = z.object({
  connector: z.string(),
  label: z.string(),
  url: z
    .url()
    .nullable()
    .describe('What the app has to know as the address of events; null until it is set up here.'),
  secret: z
    .enum(['entered', 'client', 'handshake'])
    .describe(
      'What the app signs with: `entered` here by a person, the secret of the OAuth app (`client`), or one that the app sends once (`handshake`).',
    ),
  isReady: z.boolean().describe('Whether events are taken: its secret is known.'),
  verificationToken: z
    .string()
    .nullable()
    .describe(
      'Of `handshake`: the token that the app sent, for a person to paste there; null for all others.',
    ),
  setup: z.array(z.string()).describe('What to do, in this order.'),
  lastDeliveryAt: timestampSchema
    .nullable()
    .describe('When the app last sent something genuine, to within a minute; null: not yet.'),
  updatedAt: timestampSchema.nullable(),
});
export const appHookListSchema = z.object({ data: z.array(appHookSchema) });

export const putAppHookSchema = z.strictObject({
  secret: z
    .string()
    .trim()
    .min(1)
    .max(500)
    .nullable()
    .optional()
    .describe('What the app signs with; null forgets it; absent leaves it. Never shown again.')
    .meta({ examples: ['the signing secret'] }),
});

export type AppHook = z.output<typeof appHookSchema>;
export type PutAppHook = z.output<typeof putAppHookSchema>;
