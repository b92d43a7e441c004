import { gunzipSync } from 'node:zlib';

import type { Json } from '#core/json.ts';

import { parseJson } from '#server/runs/parse-json.ts';

/** No stored body may unpack to more than this: the largest `maxBodyBytes`. */
const MAX_UNPACKED_BYTES = 10 * 1_048_576;

/**
 * The value of a stored body. Never throws: what cannot be unpacked or parsed as its type says stays text.
 *
 * - no bytes: null
 * - `application/json`, `+json`, or no type at all: parsed, text when it does not parse
 * - `application/x-www-form-urlencoded`: an object; a field that comes twice becomes a list. A body that is a JSON object or
 *   list under this type is parsed as JSON, because that is what `curl -d` sends by default.
 * - everything else: text, in the type's charset
 */
export function parseEventBody(body: Uint8Array, contentType: string, contentEncoding = ''): Json {
  if (body.byteLength === 0) return null;
  const bytes = isGzip(contentEncoding) ? unpack(body) : body;
  const { type, charset } = readContentType(contentType);
  const text = decoderOf(charset).decode(bytes);
  if (type === '' || isJsonType(type)) return orElse(parseJson(text), () => text);
  if (type === FORM_TYPE) return orElse(parseJsonContainer(text), () => parseForm(text, charset));
  return text;
}

/** Not `??`: null is a JSON value. */
function orElse(value: Json | undefined, other: () => Json): Json {
  return value === undefined ? other() : value;
}

const FORM_TYPE = 'application/x-www-form-urlencoded';

export function isJsonType(type: string): boolean {
  return type === 'application/json' || type.endsWith('+json') || type === 'text/json';
}

export function isGzip(contentEncoding: string): boolean {
  const encoding = contentEncoding.trim().toLowerCase();
  return encoding === 'gzip' || encoding === 'x-gzip';
}

/** Type in lower case without parameters, and its charset (`utf-8` unless named). */
export function readContentType(contentType: string): { type: string; charset: string } {
  const semicolon = contentType.indexOf(';');
  if (semicolon < 0) return { type: contentType.trim().toLowerCase(), charset: 'utf-8' };
  const charset = /;\s*charset\s*=\s*"?([^";\s]+)"?/i.exec(contentType)?.[1] ?? 'utf-8';
  return { type: contentType.slice(0, semicolon).trim().toLowerCase(), charset: charset.toLowerCase() };
}

/** True for a charset name that bodies can be decoded from. */
export function isKnownCharset(charset: string): boolean {
  try {
    new TextDecoder(charset);
    return true;
  } catch {
    return false;
  }
}

const utf8 = new TextDecoder();

function decoderOf(charset: string): TextDecoder {
  return charset === 'utf-8' || !isKnownCharset(charset) ? utf8 : new TextDecoder(charset);
}

function unpack(body: Uint8Array): Uint8Array {
  try {
    return gunzipSync(body, { maxOutputLength: MAX_UNPACKED_BYTES });
  } catch {
    // Ingress checked that it unpacks; an event from elsewhere keeps its bytes as text.
    return body;
  }
}

function parseJsonContainer(text: string): Json | undefined {
  return /^\s*[[{]/.test(text) ? parseJson(text) : undefined;
}

/** Null-prototype: the field names are the sender's. */
function parseForm(text: string, charset: string): Json {
  const fields = Object.create(null) as Record<string, Json>;
  for (const [name, value] of formPairs(text, charset)) {
    if (name === '__proto__') continue;
    const before = fields[name];
    if (before === undefined) fields[name] = value;
    else fields[name] = Array.isArray(before) ? [...(before as Json[]), value] : [before, value];
  }
  return fields;
}

function formPairs(text: string, charset: string): Iterable<[string, string]> {
  if (charset === 'utf-8') return new URLSearchParams(text);
  // URLSearchParams reads escapes as UTF-8 only; older payment providers still post windows-1252.
  return text
    .split('&')
    .filter(Boolean)
    .map((pair) => {
      const equals = pair.indexOf('=');
      const [name, value] = equals < 0 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)];
      return [unescapeForm(name, charset), unescapeForm(value, charset)];
    });
}

function unescapeForm(text: string, charset: string): string {
  return text
    .replaceAll('+', ' ')
    .replace(/(?:%[0-9a-f]{2})+/gi, (escapes) =>
      decoderOf(charset).decode(Buffer.from(escapes.replaceAll('%', ''), 'hex')),
    );
}
