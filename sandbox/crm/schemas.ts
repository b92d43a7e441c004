import { z } from 'zod';

import { STAGES } from '#sandbox/crm/pipelines.ts';

/** The API's own words for its data: requests are checked with these, and the OpenAPI document is made of them. */
const moment = z.iso.datetime();
const name = z.string().trim().min(1).max(120);
const company = z.string().trim().max(120);
const phone = z.string().trim().max(40);
const amount = z
  .number()
  .min(0)
  .max(100_000_000)
  .multipleOf(0.01)
  .describe('In euros, two decimals at most.');
const title = z.string().trim().min(1).max(200);
const stage = z.enum(STAGES.map(({ id }) => id) as [string, ...string[]]);

export const contactSchema = z.strictObject({
  id: z.string(),
  name,
  email: z.email(),
  company: company.nullable(),
  phone: phone.nullable(),
  createdAt: moment,
  updatedAt: moment,
});
export const contactInputSchema = z.strictObject({
  name,
  email: z.email().max(200),
  company: company.nullable().default(null),
  phone: phone.nullable().default(null),
});
export const contactPatchSchema = z.strictObject({
  name: name.optional(),
  email: z.email().max(200).optional(),
  company: company.nullable().optional(),
  phone: phone.nullable().optional(),
});

export const dealSchema = z.strictObject({
  id: z.string(),
  contactId: z.string(),
  title,
  amount,
  currency: z.literal('EUR'),
  pipelineId: z.string(),
  stage,
  createdAt: moment,
  updatedAt: moment,
});
export const dealInputSchema = z.strictObject({ contactId: z.string().max(60), title, amount, stage });
export const dealPatchSchema = dealInputSchema.partial();

export const pipelineSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  stages: z.array(z.strictObject({ id: z.string(), name: z.string() })),
});

export const EVENT_TYPES = ['contact.created', 'contact.updated', 'deal.created', 'deal.updated'] as const;
export const eventTypeSchema = z.enum(EVENT_TYPES);

export const webhookSchema = z.strictObject({
  id: z.string(),
  url: z.url(),
  events: z.array(eventTypeSchema),
  createdAt: moment,
  expiresAt: moment.describe('Nothing is delivered after it. Renew the webhook before.'),
});
export const newWebhookSchema = webhookSchema.extend({
  secret: z.string().describe('The key of the signatures, shown this once.'),
});
export const webhookInputSchema = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).max(2_000),
  events: z
    .array(eventTypeSchema)
    .min(1)
    .refine((events) => new Set(events).size === events.length, 'names an event twice'),
});

export const meSchema = z.strictObject({
  id: z.string(),
  kind: z.enum(['person', 'machine']),
  name: z.string(),
  email: z.string().nullable(),
  role: z.string().nullable(),
  clientId: z.string(),
  scopes: z.array(z.string()),
});

export const errorSchema = z.strictObject({
  error: z.strictObject({
    code: z.string(),
    message: z.string(),
    fields: z.array(z.strictObject({ field: z.string(), message: z.string() })).optional(),
  }),
});

export type Contact = z.output<typeof contactSchema>;
export type ContactInput = z.output<typeof contactInputSchema>;
export type ContactPatch = z.output<typeof contactPatchSchema>;
export type Deal = z.output<typeof dealSchema>;
export type DealInput = z.output<typeof dealInputSchema>;
export type DealPatch = z.output<typeof dealPatchSchema>;
export type EventType = z.output<typeof eventTypeSchema>;
export type WebhookInput = z.output<typeof webhookInputSchema>;
