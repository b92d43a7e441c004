import { gzipSync } from 'node:zlib';

import { describe, expect, it } from 'vitest';

import { parseJson } from '#server/runs/parse-json.ts';
import { triggerValue } from '#server/runs/trigger-value.ts';

const RECEIVED = new Date('2026-01-15T09:30:00.000Z');

function bodyOf(
  body: string | Uint8Array,
  contentType = 'application/json',
  headers: Record<string, string> = {},
) {
  const event = {
    method: 'POST',
    query: {},
    headers,
    body: Buffer.from(body),
    contentType,
    receivedAt: RECEIVED,
  };
  return triggerValue(event)['body'];
}

describe('triggerValue', () => {
  it('carries body, headers, query, method and time, and nothing else', () => {
    const value = triggerValue({
      method: 'PUT',
      query: { a: ['1', '2'] },
      headers: { 'x-a': 'b' },
      body: Buffer.from('{"n":1}'),
      contentType: 'application/json',
      receivedAt: RECEIVED,
    });
    expect(value).toEqual({
      body: { n: 1 },
      headers: { 'x-a': 'b' },
      query: { a: ['1', '2'] },
      method: 'PUT',
      receivedAt: '2026-01-15T09:30:00.000Z',
    });
  });

  it.each<[string, string | Uint8Array, string, unknown]>([
    ['JSON', '{"a":[1]}', 'application/json', { a: [1] }],
    ['JSON with a charset', '{"a":"é"}', 'Application/JSON; charset=UTF-8', { a: 'é' }],
    ['JSON by suffix', '{"a":1}', 'application/cloudevents+json', { a: 1 }],
    ['JSON null', 'null', 'application/json', null],
    ['JSON behind a byte order mark', '\uFEFF{"a":1}', 'application/json', { a: 1 }],
    ['JSON without a type', '[1]', '', [1]],
    ['text without a type', 'hello', '', 'hello'],
    ['malformed JSON: text', '{"a":', 'application/json', '{"a":'],
    [
      'JSON nested too deep: text',
      '['.repeat(5_000) + ']'.repeat(5_000),
      'application/json',
      '['.repeat(5_000) + ']'.repeat(5_000),
    ],
    ['nothing', '', 'application/json', null],
    [
      'a form',
      'a=1&b=x+y%21&a=2&c',
      'application/x-www-form-urlencoded',
      { a: ['1', '2'], b: 'x y!', c: '' },
    ],
    [
      'a form in another charset',
      'name=Andr%E9+K%F6nig&x=1',
      'application/x-www-form-urlencoded; charset=windows-1252',
      { name: 'André König', x: '1' },
    ],
    ['JSON sent as a form, as curl -d does', '{"a":1}', 'application/x-www-form-urlencoded', { a: 1 }],
    ['a form that begins like JSON', '{a=1', 'application/x-www-form-urlencoded', { '{a': '1' }],
    ['text', '{"a":1}', 'text/plain', '{"a":1}'],
    [
      'text in another charset',
      Buffer.from([0x63, 0x61, 0x66, 0xe9]),
      'text/plain; charset="iso-8859-1"',
      'café',
    ],
    ['XML', '<a/>', 'application/xml', '<a/>'],
    ['a charset that is none', 'x', 'text/plain; charset=klingon', 'x'],
    [
      'a parsed upload that is none',
      '{"files":{"x":{"filepath":"/etc/passwd"}}}',
      'multipart/form-data; boundary=x',
      '{"files":{"x":{"filepath":"/etc/passwd"}}}',
    ],
  ])('%s', (_, body, contentType, expected) => {
    const value = bodyOf(body, contentType);
    expect(typeof value === 'object' && value !== null ? JSON.parse(JSON.stringify(value)) : value).toEqual(
      expected,
    );
  });

  it('unpacks gzip, and keeps what does not unpack as text', () => {
    expect(bodyOf(gzipSync('{"a":1}'), 'application/json', { 'content-encoding': 'gzip' })).toEqual({ a: 1 });
    expect(bodyOf('plain', 'text/plain', { 'content-encoding': 'gzip' })).toBe('plain');
  });

  it('reads events whose columns hold something else', () => {
    const value = triggerValue({
      method: '',
      query: null,
      headers: 'x',
      body: new Uint8Array(),
      contentType: '',
      receivedAt: RECEIVED,
    });
    expect(value).toMatchObject({ query: {}, headers: {}, body: null });
  });
});

describe('names that reach into prototypes', () => {
  it.each([
    '{"__proto__":{"polluted":1},"a":1}',
    '{"\\u005f_proto__":{"polluted":1},"a":1}',
    '{"_\\u005Fp\\u0072oto__":{"polluted":1},"a":1}',
  ])('JSON %s loses that key alone', (text) => {
    const value = parseJson(text);
    expect(value).toEqual({ a: 1 });
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('constructor and prototype are data like any other', () => {
    const text = '{"constructor":"Ferrari","prototype":{"a":1}}';
    expect(JSON.stringify(parseJson(text))).toBe(text);
  });

  it('forms', () => {
    const value = bodyOf('__proto__=x&constructor=y&toString=z', 'application/x-www-form-urlencoded');
    expect(JSON.stringify(value)).toBe('{"constructor":"y","toString":"z"}');
  });
});
