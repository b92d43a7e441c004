import type { WebhookVerify } from '#connectors/core/webhook-verify.ts';
import type { SignatureDef, TokenSignatureDef } from '#connectors/trigger-contract.ts';
import { GITHUB_SIGNATURE, SLACK_SIGNATURE, STRIPE_SIGNATURE } from '#connectors/vendor-signatures.ts';
import { verifyBasic } from '#server/ingress/verify/basic.ts';
import { declaredSignature } from '#server/ingress/verify/declared-signature.ts';
import { genericHmac } from '#server/ingress/verify/generic-hmac.ts';
import { verifyJwt } from '#server/ingress/verify/jwt.ts';
import { shopify } from '#server/ingress/verify/shopify.ts';
import { standardWebhooks } from '#server/ingress/verify/standard-webhooks.ts';
import { verifyToken } from '#server/ingress/verify/token.ts';
import type { Verify } from '#server/ingress/verify/verification.ts';
import { verifyHmac } from '#server/ingress/verify/verify-hmac.ts';

/** The check that a trigger's `verify` setting asks for. Build it once a version: JWT keeps its key set in it. */
export function verifierOf(settings: WebhookVerify): Verify {
  switch (settings.scheme) {
    case 'none':
      return () => true;
    case 'standard_webhooks':
      return verifyHmac(standardWebhooks);
    case 'stripe':
      return verifyHmac(declaredSignature(STRIPE_SIGNATURE));
    case 'github':
      return verifyHmac(declaredSignature(GITHUB_SIGNATURE));
    case 'slack':
      return verifyHmac(declaredSignature(SLACK_SIGNATURE));
    case 'shopify':
      return verifyHmac(shopify);
    case 'hmac':
      return verifyHmac(genericHmac(settings));
    case 'basic':
      return verifyBasic;
    case 'token':
      return verifyToken(settings.header);
    case 'jwt':
      return verifyJwt(settings);
  }
}

/** The check of a provider's signature, by the field `secret`. */
export function verifierOfSource(signature: SignatureDef | TokenSignatureDef): Verify {
  if ('token' in signature) return verifyJwt({ scheme: 'jwt', header: signature.token.header });
  return verifyHmac(declaredSignature(signature));
}
