import { z } from 'zod';

const headerName = z
  .string()
  .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/, 'write the name of a header, such as X-Signature');

/** How many seconds a signed time may differ from ours before a delivery counts as stale. */
export const SIGNATURE_TOLERANCE_SECONDS = 300;

const hmac = z
  .strictObject({
    scheme: z.literal('hmac').meta({ title: 'Scheme' }),
    header: headerName.meta({
      title: 'Header',
      help: 'The header that carries the signature.',
      placeholder: 'X-Signature',
    }),
    algorithm: z.enum(['sha256', 'sha1', 'sha384', 'sha512']).default('sha256').meta({ title: 'Algorithm' }),
    encoding: z.enum(['hex', 'base64']).default('hex').meta({ title: 'Encoding' }),
    prefix: z.string().max(100).default('').meta({
      title: 'Prefix',
      help: 'Text before the signature in the header.',
      placeholder: 'sha256=',
    }),
    template: z
      .string()
      .max(500)
      .refine(
        (text) => text.includes('{body}'),
        'must contain {body}, else the signature would not cover the body',
      )
      .default('{body}')
      .meta({
        title: 'Signed text',
        help: 'What the sender signs. {body} is the raw body, {id} and {timestamp} come from the headers below.',
        placeholder: '{timestamp}.{body}',
      }),
    idHeader: headerName.optional().meta({ title: 'Header of the id', placeholder: 'X-Delivery-Id' }),
    timestampHeader: headerName.optional().meta({
      title: 'Header of the time',
      help: 'Unix seconds. Deliveries older than five minutes are refused.',
      placeholder: 'X-Timestamp',
    }),
  })
  .superRefine((verify, issues) => {
    const needs = (placeholder: string, field: 'idHeader' | 'timestampHeader'): void => {
      if (!verify.template.includes(placeholder) || verify[field] !== undefined) return;
      issues.addIssue({
        code: 'custom',
        path: [field],
        message: `name the header that carries ${placeholder}`,
      });
    };
    needs('{id}', 'idHeader');
    needs('{timestamp}', 'timestampHeader');
  });

const jwt = z
  .strictObject({
    scheme: z.literal('jwt').meta({ title: 'Scheme' }),
    header: headerName.default('authorization').meta({
      title: 'Header',
      help: 'The header that carries the token, with or without "Bearer ".',
    }),
    jwksUrl: z
      .string()
      .regex(/^https?:\/\/\S+$/i, 'write a URL that starts with https://')
      .optional()
      .meta({
        title: 'Key set URL',
        help: 'Where the public keys of the issuer are. Left empty, the secret of the connection is used.',
        placeholder: 'https://issuer.example.com/.well-known/jwks.json',
      }),
    issuer: z
      .string()
      .min(1)
      .max(500)
      .optional()
      .meta({ title: 'Issuer', help: 'The "iss" that tokens must carry.' }),
    audience: z
      .string()
      .min(1)
      .max(500)
      .optional()
      .meta({ title: 'Audience', help: 'The "aud" that tokens must carry.' }),
    algorithms: z
      .array(
        z.enum([
          'HS256',
          'HS384',
          'HS512',
          'RS256',
          'RS384',
          'RS512',
          'PS256',
          'ES256',
          'ES384',
          'ES512',
          'EdDSA',
        ]),
      )
      .min(1)
      .optional()
      .meta({
        title: 'Algorithms',
        help: 'Default: HS256 with a secret, RS256 and ES256 with a key set.',
        widget: 'list',
      }),
  })
  .superRefine((verify, issues) => {
    // A public key used as an HMAC secret would let anyone sign.
    const symmetric = verify.jwksUrl === undefined;
    const wrong = verify.algorithms?.find((algorithm) => algorithm.startsWith('HS') !== symmetric);
    if (wrong === undefined) return;
    const message = symmetric ? `${wrong} needs a key set URL` : `${wrong} needs a secret, not a key set`;
    issues.addIssue({ code: 'custom', path: ['algorithms'], message });
  });

/** How a webhook checks who calls, by `scheme`. Secrets are not here: they are in the node's connection. */
export const webhookVerifySchema = z.discriminatedUnion('scheme', [
  z.strictObject({ scheme: z.literal('none').meta({ title: 'Scheme' }) }).meta({
    title: 'None',
    help: 'Anyone who knows the URL can start this flow.',
  }),
  z.strictObject({ scheme: z.literal('standard_webhooks').meta({ title: 'Scheme' }) }).meta({
    title: 'Standard Webhooks',
    help: 'The webhook-id, webhook-timestamp and webhook-signature headers. Secrets start with whsec_.',
  }),
  z.strictObject({ scheme: z.literal('stripe').meta({ title: 'Scheme' }) }).meta({ title: 'Stripe' }),
  z.strictObject({ scheme: z.literal('github').meta({ title: 'Scheme' }) }).meta({ title: 'GitHub' }),
  z.strictObject({ scheme: z.literal('slack').meta({ title: 'Scheme' }) }).meta({ title: 'Slack' }),
  z.strictObject({ scheme: z.literal('shopify').meta({ title: 'Scheme' }) }).meta({ title: 'Shopify' }),
  hmac.meta({ title: 'HMAC', help: 'Any other signature made with a shared secret.' }),
  z.strictObject({ scheme: z.literal('basic').meta({ title: 'Scheme' }) }).meta({
    title: 'Basic authentication',
    help: 'User name and password of a basic_auth connection.',
  }),
  z
    .strictObject({
      scheme: z.literal('token').meta({ title: 'Scheme' }),
      header: headerName.meta({
        title: 'Header',
        help: 'The header whose value is the secret.',
        placeholder: 'X-Webhook-Token',
      }),
    })
    .meta({ title: 'Token in a header' }),
  jwt.meta({ title: 'JSON Web Token' }),
]);

export type WebhookVerify = z.output<typeof webhookVerifySchema>;
