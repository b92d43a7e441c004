import { describe, expect, test } from 'vitest';

import { saveTokens, type SavedFor } from '#server/connections/save-tokens.ts';
import { prisma } from '#server/db/prisma.ts';
import { inTransaction } from '#server/db/transaction.ts';
import type { Tokens } from '#server/oauth/token-answer.ts';
import { useConsents } from '#test/support/oauth/use-consents.ts';
import { makeWorkspace } from '#test/support/people.ts';

const consents = useConsents();

const TOKENS: Tokens = {
  accessToken: 'an access token',
  refreshToken: 'a refresh token',
  expiresInSeconds: 3_600,
  scopes: ['read'],
  kept: { tokenKind: 'Bearer' },
};

const rowOf = (slug: string) => prisma().connection.findFirstOrThrow({ where: { slug } });
async function save(slug: string, tokens: Partial<Tokens> = {}, more: Partial<SavedFor> = {}) {
  const { id: connectionId, workspaceId } = await rowOf(slug);
  return inTransaction((tx) =>
    saveTokens(tx, { connectionId, workspaceId, ...more }, { ...TOKENS, ...tokens }),
  );
}

/** Seconds between two columns of a connection, by the database. */
async function seconds(slug: string, from: 'now()' | 'refreshed_at' | 'refresh_due_at', to: string) {
  const rows = await prisma().$queryRawUnsafe<{ seconds: number | null }[]>(
    `SELECT extract(epoch FROM ${to} - ${from})::float8 AS seconds FROM connection WHERE slug = $1`,
    slug,
  );
  return rows[0]!.seconds;
}

describe('tokens that a provider gave', () => {
  test('are sealed, counted, and make the connection work', async () => {
    const slug = await consents.create();
    await prisma().$executeRaw`
      UPDATE connection SET status = 'reconnect', fault = '{"code":"x","message":"x","at":"2026-01-01T00:00:00Z"}', refresh_fails = 2,
        refresh_by = gen_random_uuid(), refresh_until = now() WHERE slug = ${slug}`;
    expect(await save(slug, {}, { clientId: 'the client' })).toBe(true);
    expect(await rowOf(slug)).toMatchObject({
      status: 'ok',
      fault: null,
      tokenVersion: 1,
      scopes: ['read'],
      clientId: 'the client',
      refreshFails: 0,
      refreshBy: null,
      refreshUntil: null,
    });
    expect(await consents.fields(slug)).toMatchObject({
      accessToken: 'an access token',
      refreshToken: 'a refresh token',
      tokenKind: 'Bearer',
      site: consents.provider.url,
    });
    const stored = await prisma().connectionField.findMany({ where: { connection: { slug } } });
    expect(stored.map(({ sealed }) => Buffer.from(sealed).toString('latin1')).join()).not.toContain('token');
  });

  test('come under a fresh data key', async () => {
    const slug = await consents.create();
    const before = await rowOf(slug);
    await save(slug);
    expect((await rowOf(slug)).wrappedKey).not.toEqual(before.wrappedKey);
  });

  test('without a refresh token or scopes leave those at hand', async () => {
    const slug = await consents.create();
    await save(slug, {}, { clientId: 'the client' });
    await save(slug, { accessToken: 'another', refreshToken: null, scopes: null, kept: {} });
    expect(await consents.fields(slug)).toMatchObject({
      accessToken: 'another',
      refreshToken: 'a refresh token',
      tokenKind: 'Bearer',
    });
    expect(await rowOf(slug)).toMatchObject({
      scopes: ['read'],
      tokenVersion: 2,
      clientId: 'the client',
      // It is renewed with the one at hand.
      refreshDueAt: expect.any(Date),
    });
  });

  test.each([
    // Ahead by a fifth of the life of short ones, by five minutes of long ones; spread by up to half of that.
    [60, 12, 18],
    [1_500, 300, 450],
    [86_400, 300, 450],
  ])('that live for %i s are renewed %i to %i s ahead, and not all at once', async (life, least, most) => {
    const ahead = new Set<number>();
    for (let count = 0; count < 8; count += 1) {
      const slug = await consents.create();
      await save(slug, { expiresInSeconds: life });
      expect(await seconds(slug, 'refreshed_at', 'expires_at')).toBe(life);
      const left = (await seconds(slug, 'refresh_due_at', 'expires_at'))!;
      expect(left).toBeGreaterThanOrEqual(least);
      expect(left).toBeLessThanOrEqual(most);
      ahead.add(left);
    }
    expect(ahead.size).toBeGreaterThan(4);
  });

  test('that nothing can renew, or that do not say when they end, are not renewed ahead', async () => {
    const [alone, endless] = [await consents.create(), await consents.create()];
    await save(alone, { refreshToken: null });
    expect(await rowOf(alone)).toMatchObject({ refreshDueAt: null, expiresAt: expect.any(Date) });
    await save(endless, { expiresInSeconds: null });
    expect(await rowOf(endless)).toMatchObject({ refreshDueAt: null, expiresAt: null });
  });

  test('go by the clock of the database', async () => {
    const slug = await consents.create();
    await save(slug);
    expect(Math.abs((await seconds(slug, 'refreshed_at', 'now()'))!)).toBeLessThan(30);
  });
});

describe('nothing is saved', () => {
  test('for one that has other tokens by now: of two that read the same, one wins', async () => {
    const slug = await consents.create();
    await save(slug);
    const saved = await Promise.all(
      ['one', 'two', 'three'].map((accessToken) => save(slug, { accessToken }, { expectedVersion: 1 })),
    );
    expect(saved.filter(Boolean)).toHaveLength(1);
    const { accessToken } = await consents.fields(slug);
    expect(['one', 'two', 'three'][saved.indexOf(true)]).toBe(accessToken);
    expect((await rowOf(slug)).tokenVersion).toBe(2);
  });

  test('for one of another workspace, or none', async () => {
    const slug = await consents.create();
    expect(await save(slug, {}, { workspaceId: await makeWorkspace() })).toBe(false);
    expect(await save(slug, {}, { connectionId: consents.me.id })).toBe(false);
    expect(await rowOf(slug)).toMatchObject({ status: 'pending', tokenVersion: 0 });
  });
});
