import { describe, expect, test } from 'vitest';
import { z } from 'zod';

import { filledFields, readConnectionFields } from '#components/connections/connection-fields.ts';
import { describeBrowser } from '#components/settings/describe-browser.ts';
import { refusalInWords } from '#components/shell/sign-in-calls.ts';
import { isWithin } from '#components/shell/navigation.ts';
import { CONNECTORS } from '#connectors/definitions.ts';
import type { Json } from '#core/json.ts';

describe('readConnectionFields', () => {
  test('every connector of the registry gives a form in which its secrets are secret', () => {
    const withFields = CONNECTORS.filter((connector) => connector.connection !== undefined);
    expect(withFields.length).toBeGreaterThan(0);
    for (const { connection, oauth } of withFields) {
      if (connection === undefined) continue;
      const fields = readConnectionFields(z.toJSONSchema(connection, { io: 'input' }) as Json);
      expect(fields.map(({ name }) => name)).toEqual(Object.keys(connection.shape));
      // Consent asks for no secret: the engine keeps the tokens.
      if (!oauth) expect(fields.some(({ isSecret }) => isSecret)).toBe(true);
      expect(fields.every(({ label }) => label !== '')).toBe(true);
    }
  });

  test('reads what a field needs', () => {
    const schema = {
      type: 'object',
      required: ['token', 'region'],
      properties: {
        token: { type: 'string', title: 'Token', help: 'As shown.', secret: true },
        region: { type: 'string', enum: ['eu', 'us'], default: 'eu' },
      },
    };
    expect(readConnectionFields(schema)).toEqual([
      expect.objectContaining({
        name: 'token',
        label: 'Token',
        help: 'As shown.',
        isSecret: true,
        isRequired: true,
      }),
      expect.objectContaining({
        name: 'region',
        label: 'region',
        isSecret: false,
        isRequired: false,
        fallback: 'eu',
        choices: ['eu', 'us'],
      }),
    ]);
  });

  test.each<Json>([null, 'x', [], {}, { properties: 3 }])('%j has no fields', (schema) => {
    expect(readConnectionFields(schema)).toEqual([]);
  });

  test('an empty field is not sent', () => {
    expect(filledFields({ secret: 'x', previousSecret: '' })).toEqual({ secret: 'x' });
  });
});

describe('describeBrowser', () => {
  test.each([
    ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox on Linux'],
    [
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15',
      'Safari on macOS',
    ],
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0',
      'Edge on Windows',
    ],
    [
      'Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36',
      'Chrome on Android',
    ],
    ['curl/8.5.0', 'curl/8.5.0'],
    ['', 'Unknown browser'],
  ])('%s', (userAgent, words) => {
    expect(describeBrowser(userAgent)).toBe(words);
  });
});

describe('refusalInWords', () => {
  test.each([
    ['CredentialsSignin', 401, /e-mail address or the password/],
    ['Too many attempts. Try again in 3 minutes.', 401, /^Too many attempts\. Try again in 3 minutes\.$/],
    ['Configuration', 500, /Signing in failed/],
    [null, 429, /Too many attempts/],
  ])('%s, %d', (refusal, status, words) => {
    expect(refusalInWords(refusal, status)).toMatch(words);
  });
});

test('a page is within its own part of the navigation only', () => {
  expect(isWithin('/flows/orders', '/flows')).toBe(true);
  expect(isWithin('/flows', '/flows')).toBe(true);
  expect(isWithin('/flows-old', '/flows')).toBe(false);
  expect(isWithin('/', '/')).toBe(true);
  expect(isWithin('/flows', '/')).toBe(false);
});
