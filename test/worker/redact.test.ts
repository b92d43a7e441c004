import { expect, test, describe } from 'vitest';

import type { JsonObject } from '#core/json.ts';
import { Redaction } from '#worker/redact.ts';

const SECRET = `sk_live/"ünï & <code>"+ 'q' \\ x`;
const redaction = new Redaction();
redaction.add({ connector: 'nowhere', fields: { token: SECRET } });
redaction.addShown(['made.for.this-call']);
const redact = redaction.apply.bind(redaction);

/** Whether anything of the secret is left, in words of at least six letters. */
function tells(text: string): boolean {
  return /sk_live|c2tfbGl2Z|tfbGl2ZS|rX2xpdmU|736b5f6c697665/i.test(text);
}

describe('a secret is hidden however it is written', () => {
  const base64 = (before: string, after: string) => Buffer.from(before + SECRET + after).toString('base64');
  test.each<readonly [string, string]>([
    ['as it is', SECRET],
    ['URL-encoded', encodeURIComponent(SECRET)],
    [
      'URL-encoded, in small letters',
      encodeURIComponent(SECRET).replace(/%../g, (escape) => escape.toLowerCase()),
    ],
    ['as a form', new URLSearchParams({ key: SECRET }).toString()],
    ['in JSON', JSON.stringify({ key: SECRET })],
    ['in JSON in JSON', JSON.stringify(JSON.stringify({ key: SECRET }))],
    ['in JSON with escaped slashes', JSON.stringify(SECRET).replaceAll('/', '\\/')],
    [
      'in JSON of ASCII alone',
      JSON.stringify(SECRET).replace(/[^\x20-\x7e]/g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`),
    ],
    [
      'in HTML',
      SECRET.replaceAll('&', '&amp;')
        .replaceAll('<', '&lt;')
        .replaceAll('>', '&gt;')
        .replaceAll('"', '&quot;'),
    ],
    ['in hexadecimal', Buffer.from(SECRET).toString('hex')],
    ['in hexadecimal, in capitals', Buffer.from(SECRET).toString('hex').toUpperCase()],
    ['in base64', base64('', '')],
    ['in base64url', Buffer.from(SECRET).toString('base64url')],
    ...['a', 'ab', 'abc', 'ada:'].flatMap((before) =>
      ['', 'x', 'xy'].map(
        (after) => [`in base64 after “${before}” and before “${after}”`, base64(before, after)] as const,
      ),
    ),
    ['in base64url in the middle', Buffer.from(`\0ada\0${SECRET}}`).toString('base64url')],
  ])('%s', (_form, text) => {
    const hidden = JSON.stringify(redact({ at: [`before ${text} after`], [text]: 1 }));
    expect(hidden).toContain('[secret]');
    expect(tells(hidden)).toBe(false);
  });

  test('where a message was cut off in the middle of it', () => {
    for (let length = 6; length < SECRET.length; length++)
      expect(redact(`answered 401: {"key":"${SECRET.slice(0, length)}…`)).toBe(
        'answered 401: {"key":"[secret]…',
      );
    expect(redact('a long text that ends…')).toBe('a long text that ends…');
  });

  test('where more was written after that, and more than once', () => {
    const cut = SECRET.slice(0, 10);
    expect(redact(`one ${cut}…. Ask an admin. Two ${cut}… and three… end ${cut}`)).toBe(
      `one [secret]…. Ask an admin. Two [secret]… and three… end ${cut}`,
    );
  });

  test('as far as the longest form reaches, where several could begin there', () => {
    const pair = new Redaction();
    pair.addShown(['abcdefgh-first-secret', 'xx-abcdefgh-second']);
    expect(pair.apply('told xx-abcdefgh…')).toBe('told [secret]…');
    expect(pair.apply('told aaabcdefgh-fir…')).toBe('told aa[secret]…');
  });

  test('and what was made of it for a call', () => {
    expect(redact('Bearer made.for.this-call')).toBe('Bearer [secret]');
  });

  test('what a connection keeps beside its tokens is not', () => {
    const hub = new Redaction();
    hub.add({ connector: 'hubspot', fields: { accessToken: 'the-access-token', hubId: '12345678' } });
    expect(hub.apply('12345678 by the-access-token')).toBe('12345678 by [secret]');
  });

  test('nothing else is', () => {
    const value: JsonObject = {
      user: 'ada',
      list: [1, true, null, 'sk_', 'YWRh'],
      text: 'plain '.repeat(100),
    };
    expect(redact(value)).toEqual(value);
  });
});
