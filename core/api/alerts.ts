import { z } from 'zod';

import { isTimeZone } from '../check-cron.ts';
import { slugSchema } from '../flow-document.ts';
import { listQuerySchema, listSchema, timestampSchema } from './common.ts';

export const alertKindSchema = z
  .enum([
    'error_rate',
    'p95',
    'dead_letters',
    'queue_age',
    'missed_schedule',
    'connection',
    'ledger',
    'worker_gone',
  ])
  .describe(
    '`error_rate`: percent of runs that failed. `p95`: seconds that all but 5 % of runs stay under. `dead_letters`: failed runs that nobody has dealt with. `queue_age`: seconds that the oldest due run has waited. `missed_schedule`: seconds that a schedule is late. `connection`: days until a connection ends, or it must be reconnected. `ledger`: the ledger does not add up. `worker_gone`: seconds without a live worker while work waits.',
  );
export type AlertKind = z.output<typeof alertKindSchema>;

const idsSchema = z.array(z.uuid()).max(20);
const seconds = (min: number, max: number) => z.int().min(min).max(max);

/** What a rule says; which numbers a kind takes is in `core/alerts/alert-kinds.ts`. */
const ruleSettings = {
  flow: slugSchema.nullable().describe('Slug of the one flow that it watches; null for all of them.'),
  threshold: z
    .number()
    .min(0)
    .max(1_000_000)
    .describe('From here on it is an alert: percent, seconds, a count or days, as the kind says.')
    .meta({ examples: [20] }),
  windowSeconds: seconds(60, 86_400).describe('How far back it looks.'),
  minimumRuns: seconds(1, 100_000).describe('Fewer ended runs in the window open no alert.'),
  settleSeconds: seconds(0, 3_600).describe('An alert is over once it was calm for so long.'),
  groupSeconds: seconds(0, 86_400).describe(
    'After a notice, the next one of this rule collects for so long.',
  ),
  channels: idsSchema.describe('Ids of the channels that are told.'),
  isUrgent: z.boolean().describe('Told in quiet hours, too.'),
  isEnabled: z.boolean(),
};

export const alertRuleSchema = z.object({
  id: z.uuid(),
  kind: alertKindSchema,
  ...ruleSettings,
  openAlerts: z.int().describe('Alerts of it that are open.'),
  createdAt: timestampSchema,
  updatedAt: timestampSchema,
});
export const alertRuleListSchema = z.object({ data: z.array(alertRuleSchema) });
export const createAlertRuleSchema = z.strictObject({
  kind: alertKindSchema.meta({ examples: ['error_rate'] }),
  ...z.object(ruleSettings).partial().shape,
});
export const patchAlertRuleSchema = z.strictObject(z.object(ruleSettings).partial().shape);

const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'write a time of day, such as 22:00');
export const quietHoursSchema = z
  .strictObject({
    timezone: z
      .string()
      .max(60)
      .refine(isTimeZone, 'write the name of a time zone, such as Europe/Berlin')
      .meta({ examples: ['Europe/Berlin'] }),
    from: clockTime.meta({ examples: ['22:00'] }),
    to: clockTime.meta({ examples: ['07:00'] }),
  })
  .refine(({ from, to }) => from !== to, { error: 'quiet hours need two different times', path: ['to'] });
export type QuietHours = z.output<typeof quietHoursSchema>;

export const alertChannelKindSchema = z.enum(['email', 'webhook', 'slack']);
export const alertChannelSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  kind: alertChannelKindSchema,
  recipients: z.array(z.string()).describe('Of `email`.'),
  host: z.string().describe('Of the others: the host that is called. The address itself is never shown.'),
  quietHours: quietHoursSchema.nullable().describe('What is not urgent waits for their end.'),
  lastNotice: z
    .object({
      at: timestampSchema.describe('When it went out, or was last tried.'),
      error: z.string().nullable().describe('Why it did not go out; null where it did.'),
      isGivenUp: z.boolean().describe('It is not tried again.'),
    })
    .nullable(),
  createdAt: timestampSchema,
});
export const alertChannelListSchema = z.object({ data: z.array(alertChannelSchema) });

const channelName = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .meta({ examples: ['On call'] });
const recipientsSchema = z
  .array(z.string().max(254))
  .min(1)
  .max(20)
  .meta({ examples: [['ada@example.com']] });
const address = z
  .string()
  .max(2_000)
  .refine(
    (text) => /^https?:\/\//.test(text) && URL.canParse(text),
    'write an address that begins with https://',
  );
const quiet = quietHoursSchema.nullable();

export const createAlertChannelSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('email'),
    name: channelName,
    recipients: recipientsSchema,
    quietHours: quiet.default(null),
  }),
  z.strictObject({
    kind: z.literal('webhook'),
    name: channelName,
    url: address.meta({ examples: ['https://ops.example.com/alerts'] }),
    quietHours: quiet.default(null),
  }),
  z.strictObject({
    kind: z.literal('slack'),
    name: channelName,
    url: address
      .describe('The address of an incoming webhook.')
      .meta({ examples: ['https://hooks.slack.com/services/T0/B0/x'] }),
    quietHours: quiet.default(null),
  }),
]);
export const patchAlertChannelSchema = z.strictObject({
  name: channelName.optional(),
  recipients: recipientsSchema.optional().describe('Of `email`.'),
  url: address.optional().describe('Of the others.'),
  quietHours: quiet.optional(),
});
/** `signingSecret` is shown this once. */
export const createdAlertChannelSchema = alertChannelSchema.extend({
  signingSecret: z
    .string()
    .nullable()
    .describe('Of a webhook: what its calls are signed with (Standard Webhooks). Shown this once.'),
});
export const alertTestSchema = z.object({
  ok: z.boolean(),
  message: z.string().describe('What came of it, in plain words.'),
});

export const alertSchema = z.object({
  id: z.uuid(),
  ruleId: z.uuid().nullable().describe('Null once the rule was deleted.'),
  kind: alertKindSchema,
  subject: z.string().describe('Slug of the flow or connection; empty for the workspace.'),
  flow: z.string().nullable(),
  title: z.string(),
  detail: z.string().describe('What was seen, and what to do.'),
  value: z.number().describe('The latest reading.'),
  worst: z.number(),
  threshold: z.number(),
  state: z.enum(['open', 'resolved']),
  openedAt: timestampSchema,
  resolvedAt: timestampSchema.nullable(),
  runId: z.uuid().nullable().describe('A run that shows it.'),
  nodeId: z.string().nullable().describe('The step of that run.'),
});
export const alertListSchema = listSchema(alertSchema);
export const alertListQuerySchema = listQuerySchema.extend({
  state: z.enum(['open', 'resolved', 'all']).default('all'),
});

export type Alert = z.output<typeof alertSchema>;
export type AlertRule = z.output<typeof alertRuleSchema>;
export type AlertChannel = z.output<typeof alertChannelSchema>;
export type CreatedAlertChannel = z.output<typeof createdAlertChannelSchema>;
export type AlertTest = z.output<typeof alertTestSchema>;
export type CreateAlertRule = z.output<typeof createAlertRuleSchema>;
export type PatchAlertRule = z.output<typeof patchAlertRuleSchema>;
export type CreateAlertChannel = z.output<typeof createAlertChannelSchema>;
export type PatchAlertChannel = z.output<typeof patchAlertChannelSchema>;
export type AlertListQuery = z.output<typeof alertListQuerySchema>;
