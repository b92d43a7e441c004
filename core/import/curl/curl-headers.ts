import type { CurlOption } from './curl-options.ts';
import type { Hint } from '../hint.ts';
import { connectionHint, isSecretName } from '../secret-names.ts';

export interface CurlHeaders {
  /** By their names as they were written. */
  readonly headers: Readonly<Record<string, string>>;
  /** Media type without its parameters, in small letters; empty when none is given. */
  readonly contentType: string;
  readonly hints: readonly Hint[];
}

/** What a browser adds to every call of its own and no server asks a flow for. */
const OF_BROWSERS =
  /^(?:sec-.*|accept-encoding|connection|content-length|dnt|priority|te|upgrade-insecure-requests|pragma|proxy-connection)$/i;

/** The headers of a command. Those that show who calls are left out and asked for as a connection. */
export function readCurlHeaders(options: readonly CurlOption[]): CurlHeaders {
  const headers = new Map<string, readonly [name: string, value: string]>();
  const hints: Hint[] = [];
  const dropped: string[] = [];
  for (const [name, value] of options.flatMap(headerOf)) {
    const key = name.toLowerCase();
    if (isCredential(key)) hints.push(credentialHint(name, value));
    else if (OF_BROWSERS.test(key) || (key === 'user-agent' && value.startsWith('Mozilla/')))
      dropped.push(name);
    else if (key === 'host') hints.push(hostHint(value));
    else headers.set(key, [name, value]);
  }
  if (dropped.length > 0) hints.push(browserHint(dropped));
  const contentType = headers.get('content-type')?.[1].split(';')[0]?.trim().toLowerCase() ?? '';
  return { headers: Object.fromEntries(headers.values()), contentType, hints };
}

function headerOf({ name, value }: CurlOption): readonly (readonly [string, string])[] {
  if (name === 'user-agent') return [['User-Agent', value]];
  if (name === 'referer') return [['Referer', value.replace(/;auto$/, '')]];
  if (name === 'cookie') return [['Cookie', value]];
  if (name === 'oauth2-bearer') return [['Authorization', `Bearer ${value}`]];
  if (name !== 'header') return [];
  const empty = /^([^:;]+);\s*$/.exec(value);
  if (empty) return [[(empty[1] ?? '').trim(), '']];
  const [, header = '', text = ''] = /^([^:]+):\s*([^]*)$/.exec(value) ?? [];
  // `-H "Accept:"` takes a header of curl's own away: there is none here.
  return header.trim() === '' || text === '' ? [] : [[header.trim(), text.trimEnd()]];
}

function isCredential(key: string): boolean {
  return key === 'authorization' || key === 'cookie' || key === 'proxy-authorization' || isSecretName(key);
}

function credentialHint(name: string, value: string): Hint {
  const scheme = /^(\w+)\s/.exec(value)?.[1]?.toLowerCase();
  if (name.toLowerCase() !== 'authorization') return connectionHint(`Header ${name}`, 'api_key', name);
  if (scheme === 'bearer') return connectionHint(`Header ${name}`, 'bearer_token');
  if (scheme === 'basic') return connectionHint(`Header ${name}`, 'basic_auth');
  return connectionHint(`Header ${name}`, 'api_key', name);
}

function hostHint(value: string): Hint {
  return {
    kind: 'do',
    place: 'Header Host',
    why: 'The host is that of the URL; another one cannot be claimed.',
    remedy: 'Write the address of that host as the URL.',
    original: value,
  };
}

function browserHint(names: readonly string[]): Hint {
  return {
    kind: 'know',
    place: 'Headers',
    why: `Left out what only a browser sends: ${names.join(', ')}.`,
  };
}
