import type { SignatureDef } from './trigger-contract.ts';

/** GitHub: over the body. The SHA-1 header is ignored. GitHub signs no time. */
export const GITHUB_SIGNATURE: SignatureDef = { header: 'x-hub-signature-256', prefix: 'sha256=' };

/** Slack: the time stands in a header of its own. */
export const SLACK_SIGNATURE: SignatureDef = {
  header: 'x-slack-signature',
  prefix: 'v0=',
  timestampHeader: 'x-slack-request-timestamp',
  template: 'v0:{timestamp}:{body}',
};

/** Stripe: of its signatures only `v1` counts. The secret is used as it is written, `whsec_` included. */
export const STRIPE_SIGNATURE: SignatureDef = {
  header: 'stripe-signature',
  pairs: { timestamp: 't', signature: 'v1' },
  template: '{timestamp}.{body}',
};
