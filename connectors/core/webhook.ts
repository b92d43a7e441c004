import { z } from 'zod';

import type { TriggerDef } from '#connectors/contract.ts';
import { jsonSchema } from '#core/flow-document.ts';
import { webhookVerifySchema } from './webhook-verify.ts';

/** An address or a CIDR range; whether it makes sense as a network is checked where it is used. */
const addressRange = z
  .string()
  .refine(
    (text) => [z.cidrv4(), z.cidrv6(), z.ipv4(), z.ipv6()].some((kind) => kind.safeParse(text).success),
    'write an address or a range, such as 203.0.113.0/24 or 2001:db8::/32',
  );

/**
 * Settings of `core.webhook`. All but `dedupe` are literals: they work before there is any data.
 * Parse a stored configuration with it to get the defaults; `dedupe` stays the value to be evaluated per event.
 */
export const webhookInput = z.strictObject({
  method: z.enum(['POST', 'GET', 'PUT', 'PATCH', 'DELETE', 'ANY']).default('POST').meta({
    title: 'Method',
    help: 'Calls with another method are answered 405.',
    expression: false,
  }),
  verify: webhookVerifySchema.default({ scheme: 'none' }).meta({
    title: 'Signature',
    help: 'How the sender proves who it is. The secret comes from the connection of this node.',
    expression: false,
  }),
  dedupe: z.unknown().optional().meta({
    title: 'Duplicate key',
    help: 'Events with the same key within 30 days start one run only. Left empty, the delivery id of the signature scheme is used.',
    placeholder: 'trigger.body.id',
    widget: 'expression',
    expressionOnly: true,
    advanced: true,
  }),
  respond: z.enum(['accepted', 'finished']).default('accepted').meta({
    title: 'Answer',
    help: 'Accepted: 202 as soon as the event is stored. Finished: wait for a Respond node or the end of the run.',
    expression: false,
  }),
  respondTimeoutSeconds: z
    .number()
    .min(1)
    .max(120)
    .default(30)
    .meta({
      title: 'Wait at most (seconds)',
      help: 'After that the caller gets 504 with the id of the run, and the run goes on.',
      expression: false,
      showIf: { field: 'respond', in: ['finished'] },
    }),
  ipAllow: z.array(addressRange).max(200).optional().meta({
    title: 'Allowed addresses',
    help: 'Addresses or CIDR ranges that may call. Empty: everyone.',
    placeholder: '203.0.113.0/24',
    widget: 'list',
    expression: false,
    advanced: true,
  }),
  schema: z.record(z.string(), jsonSchema).optional().meta({
    title: 'Schema of the body',
    help: 'A JSON Schema that each body is checked against.',
    widget: 'json',
    expression: false,
    advanced: true,
  }),
  onSchemaMismatch: z.enum(['accept', 'quarantine', 'reject']).default('reject').meta({
    title: 'When a body does not match',
    help: 'Accept: run anyway. Quarantine: store the event, run nothing. Reject: answer 422.',
    expression: false,
    advanced: true,
  }),
  onDrift: z.enum(['accept', 'quarantine', 'reject']).default('accept').meta({
    title: 'When a body is not as usual',
    help: 'Patchbay learns what bodies look like. When a known field is missing, null or of another type: accept: run anyway and tell you. Quarantine: store the event, run nothing. Reject: answer 422.',
    expression: false,
    advanced: true,
  }),
  maxBodyBytes: z.int().min(1).max(10_485_760).default(1_048_576).meta({
    title: 'Largest body (bytes)',
    help: 'Larger bodies are answered 413. At most 10 MB (10485760).',
    expression: false,
    advanced: true,
  }),
});

/** Settings of a webhook with the defaults filled in. */
export type WebhookSettings = z.output<typeof webhookInput>;

export const webhook: TriggerDef = {
  kind: 'trigger',
  id: 'webhook',
  version: 1,
  label: 'Webhook',
  summary: 'Starts a run for each call of the URL of this flow.',
  icon: 'webhook',
  delivery: 'webhook',
  input: webhookInput,
  output: z.object({
    body: jsonSchema,
    headers: z.record(z.string(), z.string()),
    query: z.record(z.string(), jsonSchema),
    method: z.string(),
    receivedAt: z.string(),
  }),
  sample: {
    body: { id: 1042, number: 'A-1042', customer: { id: 'c_7', email: 'ada@example.com' }, total: 129.5 },
    headers: { 'content-type': 'application/json', 'user-agent': 'shop/1.0' },
    query: {},
    method: 'POST',
    receivedAt: '2026-01-15T09:30:00.000Z',
  },
  connectors: (config) => credentialsOf(config),
  needsConnection: (config) => credentialsOf(config).length > 0,
  initialConfig: { method: 'POST', verify: { scheme: 'none' }, respond: 'accepted' },
};

/**
 * Connectors whose connection holds the secret of a scheme. `basic` takes `basic_auth`, or a `signing_secret` whose
 * secret is `user:password`; `jwt` with a key set URL needs none.
 */
function credentialsOf(config: { readonly [key: string]: unknown }): readonly string[] {
  const verify = webhookVerifySchema.safeParse(config['verify'] ?? { scheme: 'none' });
  if (!verify.success || verify.data.scheme === 'none') return [];
  if (verify.data.scheme === 'basic') return ['basic_auth', 'signing_secret'];
  if (verify.data.scheme === 'jwt' && verify.data.jwksUrl !== undefined) return [];
  return ['signing_secret'];
}
