import { z } from 'zod';

import { nodeIdSchema } from '../flow-document.ts';

/** How many nodes of one person's selection are told to others. */
export const MOST_SELECTED = 20;

/** Names one open page of one person: 128 random bits. */
export const tabSchema = z.string().regex(/^[0-9a-f]{32}$/, 'use 32 hexadecimal digits');

export const presenceSchema = z.object({
  tab: tabSchema,
  userId: z.uuid(),
  name: z.string().describe('The name of the person, or their e-mail address.'),
  selected: z.array(nodeIdSchema).max(MOST_SELECTED).describe('The nodes that they have selected.'),
});

export const tellPresenceSchema = z.strictObject({
  selected: z
    .array(nodeIdSchema)
    .max(MOST_SELECTED)
    .meta({ examples: [['map']] }),
});

/** What is told to whoever has a flow open. */
export const flowLiveSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('people'),
    people: z.array(presenceSchema).describe('Everybody else who has the flow open now.'),
  }),
  z.object({
    kind: z.literal('draft'),
    etag: z.string().describe('The ETag of the draft that was saved.'),
    userId: z.uuid().nullable().describe('Who saved it; null for an API key.'),
  }),
  z.object({
    kind: z.literal('version'),
    version: z.int().nullable().describe('The version that runs now; null when the flow was unpublished.'),
  }),
  z.object({
    kind: z.literal('capture'),
    id: z.uuid().describe('A wait for an event that something became of; whoever began it may read it.'),
  }),
]);

export type Presence = z.output<typeof presenceSchema>;
export type FlowLive = z.output<typeof flowLiveSchema>;
