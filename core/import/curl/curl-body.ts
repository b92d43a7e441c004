import { computedParts } from '../../value.ts';
import { type Json, isJsonObject } from '../../json.ts';
import type { Hint } from '../hint.ts';
import { formFields } from '../form-fields.ts';
import type { CurlOption } from './curl-options.ts';

/** The data that a command sends, joined as curl joins it; or why it cannot be read. */
export type CurlData =
  | { readonly ok: true; readonly text: string | undefined; readonly isJson: boolean }
  | { readonly ok: false; readonly message: string };

const DATA = new Set(['data', 'data-ascii', 'data-raw', 'data-binary', 'data-urlencode', 'json']);

/** All that `-d` and its kin give. Files are not read. */
export function readCurlData(options: readonly CurlOption[]): CurlData {
  const given = options.filter(({ name }) => DATA.has(name));
  let text: string | undefined;
  for (const { name, value } of given) {
    const readsFile =
      name === 'data-urlencode' ? /^[^=]*@/.test(value) : name !== 'data-raw' && value.startsWith('@');
    if (readsFile) {
      const message = `--${name} ${value} reads a file, which a flow cannot reach. Paste the text of the file in its place.`;
      return { ok: false, message };
    }
    const piece = name === 'data-urlencode' ? urlEncoded(value) : value;
    text = text === undefined ? piece : `${text}${name === 'json' ? '' : '&'}${piece}`;
  }
  return { ok: true, text, isJson: given.some(({ name }) => name === 'json') };
}

function urlEncoded(value: string): string {
  const equals = value.indexOf('=');
  const name = equals > 0 ? `${value.slice(0, equals)}=` : '';
  return name + encodeURIComponent(equals === -1 ? value : value.slice(equals + 1)).replaceAll('%20', '+');
}

/** The body as the settings of an HTTP node have it. */
export interface BodySettings {
  readonly bodyType: 'json' | 'form' | 'text';
  readonly body: Json;
  /** True when the node sends this content type by itself. */
  readonly namesItsType: boolean;
  readonly hints: readonly Hint[];
}

/** Chooses how the node sends a text that has this media type; empty: curl's own, that of a form. */
export function bodySettings(text: string, contentType: string): BodySettings {
  if (isJsonType(contentType)) return jsonBody(text, contentType);
  if (contentType !== '' && contentType !== 'application/x-www-form-urlencoded') return textBody(text);
  const json = parseJson(text);
  if (contentType === '' && typeof json === 'object' && json !== null) {
    return { ...jsonBody(text, 'application/json'), hints: [UNLABELLED, ...jsonBody(text, '').hints] };
  }
  const fields = formFields(text);
  return fields === undefined
    ? textBody(text)
    : { bodyType: 'form', body: fields, namesItsType: true, hints: [] };
}

function isJsonType(contentType: string): boolean {
  return contentType === 'application/json' || contentType.endsWith('+json') || contentType === 'text/json';
}

function jsonBody(text: string, contentType: string): BodySettings {
  const value = parseJson(text);
  if (value === undefined) return { ...textBody(text), hints: [NOT_JSON] };
  // In a flow such an object would be worked out, not sent.
  if (hasComputed(value)) return textBody(text);
  return { bodyType: 'json', body: value, namesItsType: contentType === 'application/json', hints: [] };
}

function textBody(text: string): BodySettings {
  return { bodyType: 'text', body: text, namesItsType: false, hints: [] };
}

function hasComputed(value: Json): boolean {
  return (Array.isArray(value) || isJsonObject(value)) && computedParts(value).length > 0;
}

function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

const UNLABELLED: Hint = {
  kind: 'know',
  place: 'Body',
  why: 'The command has no content type, so curl would call this JSON a form. It is sent as JSON here.',
};

const NOT_JSON: Hint = {
  kind: 'do',
  place: 'Body',
  why: 'It is called JSON, but is not: variables or quotes may be missing. It is kept as text.',
  remedy: 'Mend the text, or choose the body type JSON and write the value there.',
};
