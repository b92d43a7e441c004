import type { WebhookVerify } from '#connectors/core/webhook-verify.ts';
import { onlyHeader } from '#server/ingress/read-headers.ts';
import { prefixedSignature } from '#server/ingress/verify/prefixed-signature.ts';
import type { HmacDialect } from '#server/ingress/verify/verify-hmac.ts';

type HmacSettings = Extract<WebhookVerify, { scheme: 'hmac' }>;

const PLACEHOLDER = /(\{id\}|\{timestamp\}|\{body\})/;

/** Any HMAC that can be described: header, algorithm, encoding, prefix, and a template over `{id}` `{timestamp}` `{body}`. */
export function genericHmac(settings: HmacSettings): HmacDialect {
  const header = settings.header.toLowerCase();
  const template = settings.template.split(PLACEHOLDER).filter((piece) => piece !== '');
  return {
    algorithm: settings.algorithm,
    encoding: settings.encoding,
    read({ headers, body }) {
      const id = namedHeader(settings.idHeader);
      const timestamp = namedHeader(settings.timestampHeader);
      if (id === undefined || timestamp === undefined) return null;
      const signed = template.map((piece) => {
        if (piece === '{body}') return body;
        if (piece === '{id}') return id ?? '';
        return piece === '{timestamp}' ? (timestamp ?? '') : piece;
      });
      return { signatures: prefixedSignature(headers, header, settings.prefix), signed, timestamp };

      /** Null when the settings name no such header, undefined when they do and it is missing. */
      function namedHeader(name: string | undefined): string | null | undefined {
        return name === undefined ? null : onlyHeader(headers, name.toLowerCase());
      }
    },
    key: (secret) => secret,
  };
}
