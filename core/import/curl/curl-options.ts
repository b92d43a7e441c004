/** An option of curl as it was given: its long name, and its value where it takes one. */
export interface CurlOption {
  readonly name: string;
  readonly value: string;
}

export type CurlOptions =
  | { readonly ok: true; readonly options: readonly CurlOption[]; readonly urls: readonly string[] }
  | { readonly ok: false; readonly message: string };

/** Options with a value, by their long names. */
const VALUED = new Set(
  `request header data data-raw data-ascii data-binary data-urlencode json user url form form-string url-query
  user-agent referer cookie cookie-jar output max-time connect-timeout retry retry-delay retry-max-time proxy
  proxy-user cert key cacert capath oauth2-bearer upload-file write-out max-redirs resolve connect-to interface
  dump-header range limit-rate config cert-type key-type pass ciphers tls-max tls13-ciphers aws-sigv4 stderr trace
  trace-ascii socks5 socks5-hostname noproxy dns-servers variable expand-url expand-data`.split(/\s+/),
);

/** Options without a value. Most of them are about what curl prints. */
const FLAGS = new Set(
  `get head insecure location location-trusted silent show-error include verbose fail fail-with-body compressed
  remote-name remote-header-name no-buffer http1.0 http1.1 http2 http2-prior-knowledge http3 ipv4 ipv6 tlsv1 tlsv1.0
  tlsv1.1 tlsv1.2 tlsv1.3 ssl-reqd basic digest ntlm negotiate anyauth progress-bar no-progress-meter globoff
  path-as-is create-dirs no-keepalive post301 post302 post303 retry-all-errors retry-connrefused netrc next
  raw tcp-nodelay parallel styled-output tr-encoding proto-default`.split(/\s+/),
);

const SHORT: Readonly<Record<string, string>> = {
  X: 'request',
  H: 'header',
  d: 'data',
  u: 'user',
  F: 'form',
  A: 'user-agent',
  e: 'referer',
  b: 'cookie',
  c: 'cookie-jar',
  o: 'output',
  m: 'max-time',
  x: 'proxy',
  U: 'proxy-user',
  E: 'cert',
  T: 'upload-file',
  w: 'write-out',
  r: 'range',
  D: 'dump-header',
  K: 'config',
  G: 'get',
  I: 'head',
  k: 'insecure',
  L: 'location',
  s: 'silent',
  S: 'show-error',
  i: 'include',
  v: 'verbose',
  f: 'fail',
  O: 'remote-name',
  J: 'remote-header-name',
  N: 'no-buffer',
  0: 'http1.0',
  4: 'ipv4',
  6: 'ipv6',
  1: 'tlsv1',
  '#': 'progress-bar',
  g: 'globoff',
  n: 'netrc',
  Z: 'parallel',
  ':': 'next',
};

/** Sorts the words after `curl` into options and addresses. An option that curl does not have is a fault. */
export function readCurlOptions(words: readonly string[]): CurlOptions {
  const options: CurlOption[] = [];
  const urls: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    const given = word.startsWith('--') && word.length > 2 ? longOption(word) : shortOptions(word);
    if (given === undefined) urls.push(word);
    else if (typeof given === 'string') return { ok: false, message: given };
    else {
      for (const { name, value } of given) {
        if (value !== undefined) options.push({ name, value });
        else if (at + 1 >= words.length)
          return { ok: false, message: `The option ${word} lacks its value. Add it.` };
        else options.push({ name, value: words[(at += 1)] ?? '' });
      }
    }
  }
  return {
    ok: true,
    options: options.filter(({ name }) => name !== 'url'),
    urls: [...options.filter(({ name }) => name === 'url').map(({ value }) => value), ...urls],
  };
}

interface Given {
  readonly name: string;
  /** Undefined: it is the next word. */
  readonly value: string | undefined;
}

function longOption(word: string): readonly Given[] | string {
  const [, written = '', value] = /^--([^=]+)(?:=([^]*))?$/.exec(word) ?? [];
  const name = written.replace(/^no-(?=(?:location|insecure|compressed|silent)$)/, '');
  if (VALUED.has(name)) return [{ name, value }];
  if (FLAGS.has(name)) return [{ name, value: '' }];
  return `${word} is not an option of curl that is known here. Take it out and paste again.`;
}

/** `-sXPOST` is `-s`, and `-X` with its value. Undefined for a word that is no option. */
function shortOptions(word: string): readonly Given[] | string | undefined {
  if (!word.startsWith('-') || word === '-' || word === '--') return word === '--' ? [] : undefined;
  const given: Given[] = [];
  for (let at = 1; at < word.length; at += 1) {
    const name = SHORT[word.charAt(at)];
    if (name === undefined) {
      return `-${word.charAt(at)} is not an option of curl that is known here. Take it out and paste again.`;
    }
    if (VALUED.has(name)) {
      const value = word.slice(at + 1);
      return [...given, { name, value: value === '' ? undefined : value }];
    }
    given.push({ name, value: '' });
  }
  return given;
}
