import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { catalog } from '#connectors/definitions.ts';
import { importCurl, isCurl } from '#core/import/curl/import-curl.ts';

interface Case {
  readonly says: string;
  readonly command: string;
  readonly config: object;
  /** `kind place` of each hint, in order. */
  readonly hints?: readonly string[];
}

const url = 'https://api.example.com/orders';

const CASES: readonly Case[] = [
  { says: 'a plain address', command: `curl ${url}`, config: { method: 'GET', url } },
  { says: 'a prompt before it', command: `$ curl ${url}`, config: { method: 'GET', url } },
  { says: '--url', command: `curl --url ${url} -s`, config: { method: 'GET', url } },
  { says: 'a method', command: `curl -X DELETE '${url}/7'`, config: { method: 'DELETE', url: `${url}/7` } },
  {
    says: 'a method without a space',
    command: `curl -XPUT ${url} -d '{"a":1}' -H 'content-type: application/json'`,
    config: { method: 'PUT', url, bodyType: 'json', body: { a: 1 } },
  },
  {
    says: 'flags in one word',
    command: `curl -sSLkX PATCH ${url}`,
    config: { method: 'PATCH', url },
    hints: ['do Option -k'],
  },
  {
    says: 'a JSON body, lines continued',
    command: `curl -X POST ${url} \\\n  -H 'Content-Type: application/json' \\\n  -H "Accept: application/json" \\\n  -d '{"id": 7, "tags": ["a"]}'`,
    config: {
      method: 'POST',
      url,
      headers: { Accept: 'application/json' },
      bodyType: 'json',
      body: { id: 7, tags: ['a'] },
    },
  },
  {
    says: 'a JSON body without a content type',
    command: `curl ${url} -d '{"id":7}'`,
    config: { method: 'POST', url, bodyType: 'json', body: { id: 7 } },
    hints: ['know Body'],
  },
  {
    says: '--json',
    command: `curl --json '{"id":7}' ${url}`,
    config: { method: 'POST', url, bodyType: 'json', body: { id: 7 } },
  },
  {
    says: 'JSON of a vendor’s own type',
    command: `curl ${url} -H 'Content-Type: application/vnd.api+json' -d '{"id":7}'`,
    config: {
      method: 'POST',
      url,
      headers: { 'Content-Type': 'application/vnd.api+json' },
      bodyType: 'json',
      body: { id: 7 },
    },
  },
  {
    says: 'JSON that is none',
    command: `curl ${url} -H 'Content-Type: application/json' -d '{"id":$ID}'`,
    config: {
      method: 'POST',
      url,
      headers: { 'Content-Type': 'application/json' },
      bodyType: 'text',
      body: '{"id":$ID}',
    },
    hints: ['do Body'],
  },
  {
    says: 'JSON that would be an expression here',
    command: `curl ${url} --json '{"filter":{"$expr":"x"}}'`,
    config: {
      method: 'POST',
      url,
      bodyType: 'text',
      body: '{"filter":{"$expr":"x"}}',
      headers: { 'Content-Type': 'application/json' },
    },
  },
  {
    says: 'a form',
    command: `curl ${url} -d name=Ada -d 'city=Z%C3%BCrich+West' -d tag=a -d tag=b`,
    config: {
      method: 'POST',
      url,
      bodyType: 'form',
      body: { name: 'Ada', city: 'Zürich West', tag: ['a', 'b'] },
    },
  },
  {
    says: '--data-urlencode',
    command: `curl ${url} --data-urlencode 'note=a b&c' --data-urlencode 'x='`,
    config: { method: 'POST', url, bodyType: 'form', body: { note: 'a b&c', x: '' } },
  },
  {
    says: 'text of curl’s own type',
    command: `curl ${url} --data-binary 'just words'`,
    config: {
      method: 'POST',
      url,
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      bodyType: 'text',
      body: 'just words',
    },
  },
  {
    says: 'XML',
    command: `curl ${url} -H 'Content-Type: text/xml; charset=utf-8' --data '<a b="1"/>'`,
    config: {
      method: 'POST',
      url,
      headers: { 'Content-Type': 'text/xml; charset=utf-8' },
      bodyType: 'text',
      body: '<a b="1"/>',
    },
  },
  {
    says: '-G puts the data into the query',
    command: `curl -G ${url} -d q=ada --data-urlencode 'from=2026-01-01 08:00'`,
    config: { method: 'GET', url, query: { q: 'ada', from: '2026-01-01 08:00' } },
  },
  {
    says: 'a query',
    command: `curl '${url}?page=2&tag=a&tag=b#top'`,
    config: { method: 'GET', url, query: { page: '2', tag: ['a', 'b'] } },
  },
  {
    says: 'a query that is no list of pairs',
    command: `curl '${url}?flag&x=1'`,
    config: { method: 'GET', url: `${url}?flag&x=1` },
  },
  { says: '-I', command: `curl -I ${url}`, config: { method: 'HEAD', url } },
  {
    says: '-u is not kept',
    command: `curl -u ada:s3cret ${url}`,
    config: { method: 'GET', url },
    hints: ['do Option -u'],
  },
  {
    says: 'a login in the address is not kept',
    command: `curl https://ada:s3cret@api.example.com/orders`,
    config: { method: 'GET', url },
    hints: ['do URL'],
  },
  {
    says: 'a bearer token is not kept',
    command: `curl ${url} -H 'Authorization: Bearer s3cret'`,
    config: { method: 'GET', url },
    hints: ['do Header Authorization'],
  },
  {
    says: '--oauth2-bearer is not kept',
    command: `curl --oauth2-bearer s3cret ${url}`,
    config: { method: 'GET', url },
    hints: ['do Header Authorization'],
  },
  {
    says: 'keys in headers and query are not kept',
    command: `curl '${url}?api_key=s3cret&q=1' -H 'X-Api-Key: s3cret' -H 'PRIVATE-TOKEN: s3cret'`,
    config: { method: 'GET', url, query: { q: '1' } },
    hints: ['do Query api_key', 'do Header X-Api-Key', 'do Header PRIVATE-TOKEN'],
  },
  {
    says: 'cookies are not kept',
    command: `curl ${url} -b 'session=s3cret'`,
    config: { method: 'GET', url },
    hints: ['do Header Cookie'],
  },
  {
    says: 'a limit of time and repeats',
    command: `curl --max-time 20 --retry 3 --compressed -o /dev/null ${url}`,
    config: { method: 'GET', url },
  },
  {
    says: 'variables of the shell',
    command: `curl "${'${BASE}'}/x" -H "X-Trace: $TRACE"`,
    config: { method: 'GET', url: 'http://${BASE}/x', headers: { 'X-Trace': '$TRACE' } },
    hints: ['know URL', 'do Shell variable', 'do Shell variable'],
  },
  {
    says: 'a pipe behind it',
    command: `curl ${url} | jq .id`,
    config: { method: 'GET', url },
    hints: ['know After the command'],
  },
  {
    says: 'an address without a scheme',
    command: 'curl api.example.com/x',
    config: { method: 'GET', url: 'http://api.example.com/x' },
    hints: ['know URL'],
  },
  {
    says: 'a body with GET',
    command: `curl -X GET ${url} -d '{"a":1}'`,
    config: { method: 'GET', url },
    hints: ['do Body'],
  },
  {
    says: 'a quote within single quotes',
    command: `curl ${url} -H 'Content-Type: text/plain' -d 'it'\\''s'`,
    config: {
      method: 'POST',
      url,
      headers: { 'Content-Type': 'text/plain' },
      bodyType: 'text',
      body: "it's",
    },
  },
  {
    says: 'escapes within double quotes',
    command: `curl ${url} --json "{\\"price\\": \\"\\$5\\"}"`,
    config: { method: 'POST', url, bodyType: 'json', body: { price: '$5' } },
  },
  {
    says: "Bash's $'…'",
    command: `curl ${url} --json $'{"a":"it\\'s","b":"\\u0021\\x41\\n"}'`,
    config: {
      method: 'POST',
      url,
      headers: { 'Content-Type': 'application/json' },
      bodyType: 'text',
      body: '{"a":"it\'s","b":"!A\n"}',
    },
    hints: ['do Body'],
  },
  {
    says: 'a proxy',
    command: `curl -x http://proxy:3128 ${url}`,
    config: { method: 'GET', url },
    hints: ['do Option --proxy'],
  },
  {
    says: 'a client certificate',
    command: `curl --cert c.pem --key k.pem ${url}`,
    config: { method: 'GET', url },
    hints: ['do Option --cert', 'do Option --key'],
  },
  {
    says: 'Chrome: copy as cURL (bash)',
    command: `curl 'https://shop.example.com/api/cart?lang=en' \\
  -H 'accept: application/json, text/plain, */*' \\
  -H 'accept-language: en-US,en;q=0.9' \\
  -H 'content-type: application/json' \\
  -b 'sid=s3cret' \\
  -H 'origin: https://shop.example.com' \\
  -H 'priority: u=1, i' \\
  -H 'sec-ch-ua: "Chromium";v="140"' \\
  -H 'sec-fetch-mode: cors' \\
  -H 'user-agent: Mozilla/5.0 (X11; Linux x86_64)' \\
  --data-raw $'{"note":"it\\'s fine\\u0021"}'`,
    config: {
      method: 'POST',
      url: 'https://shop.example.com/api/cart',
      query: { lang: 'en' },
      headers: {
        accept: 'application/json, text/plain, */*',
        'accept-language': 'en-US,en;q=0.9',
        origin: 'https://shop.example.com',
      },
      bodyType: 'json',
      body: { note: "it's fine!" },
    },
    hints: ['do Header Cookie', 'know Headers'],
  },
  {
    says: 'Chrome: copy as cURL (cmd)',
    command: `curl ^"https://shop.example.com/api/cart?a=1^&b=50^%^25^" ^\r\n  -H ^"content-type: application/json^" ^\r\n  -H ^"sec-ch-ua: ^\\^"Chromium^\\^";v=^\\^"140^\\^"^" ^\r\n  --data-raw ^"^{^\\^"id^\\^":7,^\\^"who^\\^":^\\^"Ada ^& Bob^\\^"^}^"`,
    config: {
      method: 'POST',
      url: 'https://shop.example.com/api/cart',
      query: { a: '1', b: '50%' },
      bodyType: 'json',
      body: { id: 7, who: 'Ada & Bob' },
    },
    hints: ['know Headers'],
  },
  {
    says: 'Firefox: copy as cURL (POSIX)',
    command: `curl 'https://shop.example.com/api/cart' --compressed -X POST -H 'User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0)' -H 'Accept: */*' -H 'Accept-Encoding: gzip, deflate, br' -H 'Connection: keep-alive' -H 'TE: trailers' --data-raw 'a=1&b=two+words'`,
    config: {
      method: 'POST',
      url: 'https://shop.example.com/api/cart',
      headers: { Accept: '*/*' },
      bodyType: 'form',
      body: { a: '1', b: 'two words' },
    },
    hints: ['know Headers'],
  },
  {
    says: 'Safari: copy as cURL',
    command: `curl 'https://shop.example.com/api/cart' \\\n-X 'PUT' \\\n-H 'Content-Type: application/json' \\\n-H 'Authorization: Basic czNjcmV0' \\\n--data-binary '{"id":7}'`,
    config: { method: 'PUT', url: 'https://shop.example.com/api/cart', bodyType: 'json', body: { id: 7 } },
    hints: ['do Header Authorization'],
  },
];

describe('importCurl', () => {
  test.each(CASES)('$says', ({ command, config, hints = [] }) => {
    const read = importCurl(command);
    if (!read.ok) throw new Error(read.message);
    expect(read.config).toEqual(config);
    expect(read.hints.map(({ kind, place }) => `${kind} ${place}`)).toEqual(hints);
    expect(catalog('http.request', 1)?.checkConfig(read.config)).toEqual([]);
    expect(JSON.stringify(read)).not.toMatch(/s3cret|czNjcmV0/);
  });

  test.each([
    ['wget https://x.example', /does not begin with curl/],
    ['curl', /no URL/],
    ['curl -X', /lacks its value/],
    [`curl ${url} -F file=@a.png`, /-F .*multipart.*use -d/],
    [`curl -T a.txt ${url}`, /reads? a file|sends a file/],
    [`curl ${url} -d @body.json`, /Paste the text of the file/],
    [`curl ${url} --data-urlencode 'x@file'`, /Paste the text of the file/],
    [`curl ftp://files.example.com/a`, /http and https alone/],
    [`curl -X PROPFIND ${url}`, /method PROPFIND/],
    [`curl --frobnicate ${url}`, /--frobnicate is not an option/],
    [`curl -y ${url}`, /-y is not an option/],
    [`curl '${url}`, /quote ' that opens at line 1, character 6/],
    [`curl ${url} \\\n  -H "a: b`, /line 2, character 6/],
    [`curl ^"${url}`, /never closed/],
    [`curl ${url} --next ${url}`, /one by one/],
  ])('%s is refused in words', (command, message) => {
    const read = importCurl(command);
    expect(read.ok ? '' : read.message).toMatch(message);
  });

  test('takes the limits of time and repeats', () => {
    expect(importCurl(`curl -m 20 --retry 3 ${url}`)).toMatchObject({
      timeoutSeconds: 20,
      retry: { attempts: 4 },
    });
  });

  test('knows a command from other text', () => {
    expect(
      ['curl x', ' $ curl x', '/usr/bin/curl x', 'curl.exe x', 'TOKEN=1 curl x'].map(isCurl),
    ).not.toContain(false);
    expect(['curly x', '{"curl": 1}', 'see curl x', ''].map(isCurl)).not.toContain(true);
  });

  test('never throws, and what it makes can be stored', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '-H',
        '-d',
        '-X',
        "'",
        '"',
        "$'",
        '\\\n',
        '^\n',
        '^"',
        '|',
        url,
        '-G',
        '--json',
        '{"a":1}',
        'a: b',
        '-u',
        '@x',
        '%zz',
        '?a=1',
      ),
      fc.string({ maxLength: 8 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), fc.constantFrom(' ', ''), (pieces, between) => {
        const read = importCurl(`curl ${pieces.join(between)}`);
        if (read.ok) expect(catalog('http.request', 1)?.checkConfig(read.config)).toEqual([]);
        else expect(read.message).not.toBe('');
      }),
      { numRuns: 1_000 },
    );
  });
});
