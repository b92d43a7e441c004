import type { SignatureDef } from '#connectors/trigger-contract.ts';
import { onlyHeader } from '#server/ingress/read-headers.ts';
import { prefixedSignature } from '#server/ingress/verify/prefixed-signature.ts';
import type { Verification } from '#server/ingress/verify/verification.ts';
import type { HmacDialect } from '#server/ingress/verify/verify-hmac.ts';

const PLACEHOLDER = /(\{timestamp\}|\{body\}|\{url\}|\{method\})/;

/** What a header says: the signatures, and the time as it is written there. */
interface Read {
  readonly signatures: readonly string[];
  /** Undefined where it is missing or comes twice; null where the provider signs none. */
  readonly timestamp: string | null | undefined;
}

/** The signature that a connector declares as data, as a dialect of the one HMAC verifier. */
export function declaredSignature(def: SignatureDef): HmacDialect {
  const template = (def.template ?? '{body}').split(PLACEHOLDER).filter((piece) => piece !== '');
  return {
    algorithm: def.algorithm ?? 'sha256',
    encoding: def.encoding ?? 'hex',
    read(request) {
      const { signatures, timestamp } = readHeaders(def, request);
      if (timestamp === undefined) return null;
      const signed = template.map((piece) => {
        if (piece === '{body}') return request.body;
        if (piece === '{timestamp}') return timestamp ?? '';
        if (piece === '{url}') return request.url;
        return piece === '{method}' ? request.method : piece;
      });
      return { signatures, signed, timestamp: timestamp && inSeconds(timestamp, def) };
    },
    key: (secret) => secret,
  };
}

function readHeaders(
  { header, prefix = '', pairs, timestampHeader }: SignatureDef,
  { headers }: Verification,
): Read {
  const name = header.toLowerCase();
  if (!pairs) {
    const timestamp =
      timestampHeader === undefined ? null : onlyHeader(headers, timestampHeader.toLowerCase());
    return { signatures: prefixedSignature(headers, name, prefix), timestamp };
  }
  const listed = (onlyHeader(headers, name) ?? '').split(',').map((pair) => pair.trim());
  const times = valuesOf(listed, pairs.timestamp);
  return {
    signatures: valuesOf(listed, pairs.signature),
    timestamp: times.length === 1 ? times[0] : undefined,
  };
}

function valuesOf(pairs: readonly string[], name: string): readonly string[] {
  return pairs.filter((pair) => pair.startsWith(`${name}=`)).map((pair) => pair.slice(name.length + 1));
}

/** What is no plain number stays what it is: the verifier refuses it. */
function inSeconds(timestamp: string, { timestampUnit = 'seconds' }: SignatureDef): string {
  if (timestampUnit === 'seconds' || !/^\d{1,15}$/.test(timestamp)) return timestamp;
  return String(Math.floor(Number(timestamp) / 1_000));
}
