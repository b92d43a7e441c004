import { describe, expect, test } from 'vitest';

import { isSecretName, redactKeys } from '#server/redact-keys.ts';

describe('redaction by key name', () => {
  test.each([
    'password',
    'Authorization',
    'api_key',
    'X-Api-Key',
    'client-secret',
    'accessToken',
    'Set-Cookie',
    'DATABASE_URL',
    'secrets',
  ])('hides what stands under %s', (name) => expect(isSecretName(name)).toBe(true));

  test.each(['name', 'tokenizer', 'passwordless', 'key', 'flow', 'authored'])('leaves %s', (name) =>
    expect(isSecretName(name)).toBe(false),
  );

  test('goes to any depth, through arrays, and leaves the input alone', () => {
    const input = { a: [{ token: 't', kept: 1 }], headers: { cookie: 'c', accept: '*/*' } };
    expect(redactKeys(input)).toEqual({
      a: [{ token: '[hidden]', kept: 1 }],
      headers: { cookie: '[hidden]', accept: '*/*' },
    });
    expect(input.headers.cookie).toBe('c');
  });

  test('keeps errors whole and ends on values that contain themselves', () => {
    const error = new Error('boom');
    expect(redactKeys({ err: error })).toEqual({ err: error });
    const loop: Record<string, unknown> = {};
    loop['again'] = loop;
    expect(JSON.stringify(redactKeys(loop))).toContain('[hidden]');
  });
});
