import type { JsonObject } from '../../json.ts';
import type { RetryPolicy } from '../../flow-document.ts';
import type { Hint } from '../hint.ts';
import { connectionHint } from '../secret-names.ts';
import { bodySettings, readCurlData, type BodySettings } from './curl-body.ts';
import { readCurlHeaders } from './curl-headers.ts';
import { type CurlOption, readCurlOptions } from './curl-options.ts';
import { readCurlUrl } from './curl-url.ts';
import { shellWords } from './shell-words.ts';

/** An HTTP node made of a command; or why none can be made, with the remedy. */
export type CurlImport =
  | {
      readonly ok: true;
      readonly label: string;
      /** Settings of `http.request`. */
      readonly config: JsonObject;
      readonly timeoutSeconds?: number;
      readonly retry?: RetryPolicy;
      readonly hints: readonly Hint[];
    }
  | { readonly ok: false; readonly message: string };

const METHODS = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']);
const MAX_LENGTH = 1_000_000;

/** True for text that is meant to be a cURL command, right or wrong. */
export function isCurl(text: string): boolean {
  return /^\s*(?:[$>]\s+)?(?:\w+=\S*\s+)*(?:\S*\/)?curl(?:\.exe)?(?:\s|\^|$)/i.test(text.slice(0, 2_000));
}

/** Reads a cURL command into the settings of an HTTP node. Credentials are not kept: the hints ask for connections. */
export function importCurl(text: string): CurlImport {
  if (!isCurl(text)) return refuse('This is no cURL command: it does not begin with curl.');
  if (text.length > MAX_LENGTH) return refuse('This command is too long to import.');
  const split = shellWords(text.replace(/^\s*[$>]\s+/, ''));
  if (!split.ok) return split;
  const start = split.words.findIndex((word) => /(?:^|\/)curl(?:\.exe)?$/i.test(word));
  const read = readCurlOptions(split.words.slice(start + 1));
  if (!read.ok) return read;
  const refused = read.options.map(refusal).find((message) => message !== undefined);
  if (refused !== undefined) return refuse(refused);
  const [address, ...others] = read.urls;
  if (address === undefined) return refuse('The command has no URL. Add the address that is called.');
  const request = requestOf(address, read.options);
  if (!request.ok) return request;
  return {
    ...request,
    hints: [
      ...request.hints,
      ...read.options.flatMap(optionHint),
      ...others.map((url) => ({ ...ONE_URL, original: url })),
      ...split.substitutions.map((original) => ({ ...VARIABLE, original })),
      ...(split.rest === '' ? [] : [{ ...REST, original: split.rest.slice(0, 200) }]),
    ],
  };
}

function requestOf(address: string, options: readonly CurlOption[]): CurlImport {
  const data = readCurlData(options);
  if (!data.ok) return data;
  const inQuery = has(options, 'get');
  const more = [
    ...valuesOf(options, 'url-query'),
    ...(inQuery && data.text !== undefined ? [data.text] : []),
  ];
  const url = readCurlUrl(address, more);
  if (!url.ok) return url;
  const { headers, contentType, hints } = readCurlHeaders(options);
  const text = inQuery ? undefined : data.text;
  const method = (valuesOf(options, 'request').at(-1) ?? ownMethod(options, text)).toUpperCase();
  if (!METHODS.has(method)) return refuse(`An HTTP node cannot call with the method ${method}.`);
  const isSent = text !== undefined && method !== 'GET' && method !== 'HEAD';
  const body = isSent
    ? bodySettings(text, contentType || (data.isJson ? 'application/json' : ''))
    : undefined;
  const kept = headersToSend(headers, body, {
    given: contentType,
    sentAs: data.isJson ? 'application/json' : 'application/x-www-form-urlencoded',
  });
  return {
    ok: true,
    label: labelOf(method, url.url),
    config: {
      method,
      url: url.url,
      ...(Object.keys(url.query).length > 0 && { query: url.query }),
      ...(Object.keys(kept).length > 0 && { headers: kept }),
      ...(body !== undefined && { bodyType: body.bodyType, body: body.body }),
    },
    ...limitsOf(options),
    hints: [
      ...url.hints,
      ...hints,
      ...(body?.hints ?? []),
      ...(text !== undefined && !isSent ? [NO_BODY] : []),
    ],
  };
}

function ownMethod(options: readonly CurlOption[], text: string | undefined): string {
  if (has(options, 'head')) return 'HEAD';
  return text === undefined ? 'GET' : 'POST';
}

/** A content type that the node gives by itself is not kept; curl's own is, for what is sent as text. */
function headersToSend(
  headers: Readonly<Record<string, string>>,
  body: BodySettings | undefined,
  { given, sentAs }: { given: string; sentAs: string },
): Readonly<Record<string, string>> {
  const kept = Object.entries(headers).filter(
    ([name]) => name.toLowerCase() !== 'content-type' || body?.namesItsType !== true,
  );
  const isUnnamed = body?.bodyType === 'text' && given === '';
  return Object.fromEntries([...kept, ...(isUnnamed ? [['Content-Type', sentAs]] : [])]);
}

function limitsOf(options: readonly CurlOption[]): { timeoutSeconds?: number; retry?: RetryPolicy } {
  const seconds = Number(valuesOf(options, 'max-time').at(-1));
  const repeats = Number(valuesOf(options, 'retry').at(-1));
  return {
    ...(seconds > 0 && seconds <= 86_400 && { timeoutSeconds: seconds }),
    ...(Number.isInteger(repeats) && repeats > 0 && { retry: { attempts: Math.min(repeats + 1, 20) } }),
  };
}

function labelOf(method: string, url: string): string {
  const address = /^https?:\/\/([^/?]+)([^?]*)/i.exec(url);
  const path = address?.[2]?.split('/').filter(Boolean).at(-1);
  return `${method} ${path ?? address?.[1] ?? url}`.slice(0, 200);
}

/** Why a command with this option cannot become a node. */
function refusal({ name, value }: CurlOption): string | undefined {
  switch (name) {
    case 'form':
    case 'form-string':
      return `-F ${value} sends a form with parts (multipart), which an HTTP node cannot send. If the API takes JSON or a plain form, use -d.`;
    case 'upload-file':
      return `-T ${value} sends a file, which a flow cannot reach. Use --data-raw with its text.`;
    case 'config':
    case 'variable':
    case 'expand-url':
    case 'expand-data':
      return `--${name} reads settings from elsewhere. Write them into the command.`;
    case 'next':
      return 'The command makes several calls (--next). Paste them one by one.';
    default:
      return undefined;
  }
}

function optionHint({ name, value }: CurlOption): readonly Hint[] {
  switch (name) {
    case 'user':
      return [connectionHint('Option -u', 'basic_auth')];
    case 'cert':
    case 'key':
      return [connectionHint(`Option --${name}`, 'mtls')];
    case 'digest':
    case 'ntlm':
    case 'negotiate':
    case 'anyauth':
    case 'aws-sigv4':
    case 'netrc':
      return [
        {
          kind: 'do',
          place: `Option --${name}`,
          why: 'This way to sign in is not known here.',
          remedy: 'See whether the API takes a key, a bearer token or OAuth, and make a connection for that.',
        },
      ];
    case 'insecure':
      return [
        {
          kind: 'do',
          place: 'Option -k',
          why: 'Certificates are always checked; this cannot be turned off.',
          remedy:
            'If the server has a certificate of your own authority, give it in a connection of the kind “Client certificate”.',
        },
      ];
    case 'cacert':
    case 'capath':
      return [connectionHint(`Option --${name}`, 'mtls')];
    case 'proxy':
    case 'socks5':
    case 'socks5-hostname':
    case 'resolve':
    case 'connect-to':
    case 'interface':
      return [
        {
          kind: 'do',
          place: `Option --${name}`,
          why: 'Calls go straight to the address in the URL.',
          remedy: 'Have whoever runs Patchbay route the call, or call another address.',
          ...(name !== 'proxy' && { original: value }),
        },
      ];
    default:
      return [];
  }
}

function valuesOf(options: readonly CurlOption[], wanted: string): readonly string[] {
  return options.filter(({ name }) => name === wanted).map(({ value }) => value);
}

function has(options: readonly CurlOption[], wanted: string): boolean {
  return options.some(({ name }) => name === wanted);
}

function refuse(message: string): CurlImport {
  return { ok: false, message };
}

const NO_BODY: Hint = {
  kind: 'do',
  place: 'Body',
  why: 'An HTTP node sends no body with GET or HEAD.',
  remedy: 'If the API takes the values in the query, write them there; else choose another method.',
};
const ONE_URL: Hint = {
  kind: 'do',
  place: 'URL',
  why: 'A node makes one call, and the command has several addresses.',
  remedy: 'Add a node for each.',
};
const VARIABLE: Hint = {
  kind: 'do',
  place: 'Shell variable',
  why: 'Only your shell knows what this stands for; it was kept as it is written.',
  remedy: 'Put the value, an expression or a connection in its place.',
};
const REST: Hint = {
  kind: 'know',
  place: 'After the command',
  why: 'Only the first command is taken over.',
};
