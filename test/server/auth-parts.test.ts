import { describe, expect, test } from 'vitest';

import { roleSchema } from '#core/api/common.ts';
import { ACTIONS, authorize, can, mayGrant } from '#server/auth/authorize.ts';
import type { Actor } from '#server/auth/actor.ts';
import { inHashingSlot } from '#server/auth/hashing-slots.ts';
import { parseEmail } from '#server/auth/parse-email.ts';
import { hashPassword, verifyPassword } from '#server/auth/password.ts';
import { safeCallbackPath } from '#server/auth/safe-callback-url.ts';

const actor: Actor = {
  kind: 'user',
  id: 'u',
  userId: 'u',
  name: 'u',
  workspaceId: 'w1',
  role: 'viewer',
  address: '',
};

describe('authorize', () => {
  test('each role may at least what the next lower one may', () => {
    const roles = roleSchema.options;
    for (const action of ACTIONS) {
      const allowed = roles.map((role) => can(role, action));
      expect(allowed, action).toEqual(allowed.toSorted((a, b) => Number(b) - Number(a)));
      expect(allowed[0], action).toBe(true);
    }
  });

  test('a viewer cannot run, replay, edit or see keys', () => {
    for (const action of [
      'run:start',
      'run:replay',
      'run:cancel',
      'flow:edit',
      'connection:use',
      'api_key:read',
    ] as const) {
      expect(() => authorize(actor, action)).toThrow(
        expect.objectContaining({ status: 403, message: expect.stringContaining('viewer') }),
      );
    }
    expect(() => authorize(actor, 'run:read')).not.toThrow();
  });

  test('the refusal says which role it takes', () => {
    expect(() => authorize(actor, 'flow:publish')).toThrow(/the role editor or a higher one/);
    expect(() => authorize(actor, 'workspace:manage')).toThrow(/the owner/);
  });

  test('another workspace is 404, whatever the right', () => {
    for (const role of roleSchema.options) {
      const stranger = { ...actor, role };
      expect(() => authorize(stranger, 'flow:read', { workspaceId: 'w2' })).toThrow(
        expect.objectContaining({ status: 404 }),
      );
    }
  });

  test('nobody hands out more than they have', () => {
    expect(mayGrant('admin', 'owner')).toBe(false);
    expect(mayGrant('admin', 'admin')).toBe(true);
    expect(mayGrant('owner', 'owner')).toBe(true);
    expect(mayGrant('viewer', 'operator')).toBe(false);
  });
});

describe('parseEmail', () => {
  test.each([
    ['Ada@Example.COM', 'ada@example.com'],
    ['  ada+tag@example.co.uk ', 'ada+tag@example.co.uk'],
    ['owner@localhost', 'owner@localhost'],
    ['ａｄａ@example.com', 'ada@example.com'],
  ])('%s is %s', (text, address) => expect(parseEmail(text)).toBe(address));

  test.each([
    '"e@evil.com"@victim.com',
    'a@evil.com,b@victim.com',
    'a@evil.com b@victim.com',
    'a＠evil.com',
    'a＠evil.com@victim.com',
    'Ada <ada@example.com>',
    'ada@example.com\nbcc: x@evil.com',
    'ada(comment)@example.com',
    '.ada@example.com',
    'ada..l@example.com',
    'ada@-example.com',
    'ada@example..com',
    'ada@',
    '@example.com',
    'ada',
    '',
    'ada@exämple.com',
    `${'a'.repeat(65)}@example.com`,
    `ada@${'a.'.repeat(130)}com`,
  ])('%j is refused', (text) => expect(parseEmail(text)).toBeNull());
});

describe('passwords', () => {
  test('verify, whichever way the keyboard spells them', async () => {
    const encoded = await hashPassword('Zürich 2026');
    expect(encoded).toMatch(/^scrypt\$32768\$8\$3\$/);
    expect(await verifyPassword('Zu\u0308rich 2026', encoded)).toBe(true);
    expect(await verifyPassword('Zürich 2027', encoded)).toBe(false);
  });

  test('two hashes of one password differ', async () => {
    expect(await hashPassword('same same')).not.toBe(await hashPassword('same same'));
  });

  test('nobody has no password, and checking takes its time all the same', async () => {
    await verifyPassword('warm up', null);
    const encoded = await hashPassword('x');
    const timeOf = async (hash: string | null) => {
      const start = performance.now();
      expect(await verifyPassword('guess', hash)).toBe(false);
      return performance.now() - start;
    };
    const [known, unknown] = [await timeOf(encoded), await timeOf(null)];
    expect(unknown / known).toBeGreaterThan(0.3);
    expect(unknown / known).toBeLessThan(3);
  });

  test('a damaged hash is an error, not a way in', async () => {
    await expect(verifyPassword('x', 'scrypt$1$1$1$$')).rejects.toThrow(/damaged/);
  });
});

describe('safeCallbackPath', () => {
  const base = 'https://flows.example.com';
  test.each([
    ['/runs?status=failed#top', '/runs?status=failed#top'],
    ['https://flows.example.com/flows/a', '/flows/a'],
  ])('%s goes to %s', (url, path) => expect(safeCallbackPath(url, base)).toBe(path));

  test.each([
    '//evil.com',
    '/\\evil.com',
    '\\\\evil.com',
    '/\t/evil.com',
    'https://evil.com/',
    'https://flows.example.com.evil.com/',
    'https://flows.example.com@evil.com/',
    'https://flows.example.com//evil.com',
    'javascript:alert(1)',
    'data:text/html,x',
    '',
    'runs',
    '/.//evil.com',
  ])('%j stays here', (url) => expect(safeCallbackPath(url, base)).toBe('/'));
});

describe('hashing slots', () => {
  test('two at a time, forty in line, the rest hear that it is busy', async () => {
    let running = 0;
    let most = 0;
    let release = () => {};
    const gate = new Promise<void>((resolve) => (release = resolve));
    const work = () =>
      inHashingSlot(async () => {
        running += 1;
        most = Math.max(most, running);
        await gate;
        running -= 1;
      });
    const accepted = Array.from({ length: 42 }, work);
    await expect(work()).rejects.toMatchObject({ status: 503 });
    release();
    await Promise.all(accepted);
    expect(most).toBe(2);
    await expect(inHashingSlot(() => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
    expect(await inHashingSlot(() => Promise.resolve('free again'))).toBe('free again');
  });
});
