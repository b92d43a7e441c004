import type { HttpResponse } from '#connectors/contract.ts';
import type { Json } from '#core/json.ts';

/**
 * The body of a reply: parsed when it says it is JSON and is, else text in the charset that it names. Null when empty.
 */
export function readReplyBody({ headers, body }: HttpResponse): Json {
  if (body.byteLength === 0) return null;
  const contentType = headers['content-type'] ?? '';
  const text = decode(body, contentType);
  return isJson(contentType) ? parsed(text) : text;
}

function isJson(contentType: string): boolean {
  const [type = ''] = contentType.split(';');
  return /^(?:application|text)\/(?:[\w.-]+\+)?json$/i.test(type.trim());
}

/** A far end that mislabels its text did what it was asked to: that must not make the call a failure. */
function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

function decode(body: Uint8Array, contentType: string): string {
  const charset = /;\s*charset="?([\w.:-]+)"?/i.exec(contentType)?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(charset).decode(body);
  } catch {
    return new TextDecoder().decode(body); // a charset that nobody knows
  }
}
