import { randomBytes, randomUUID, scryptSync } from 'node:crypto';

import { encode } from 'next-auth/jwt';

import type { Role } from '#core/api/common.ts';
import { cookieName, envelopeSecret } from '#server/auth/session-cookie.ts';
import { createSession } from '#server/auth/sessions.ts';
import { sha256 } from '#server/auth/sha256.ts';
import { prisma } from '#server/db/prisma.ts';
import { uuidv7 } from '#server/db/uuid.ts';

export const PASSWORD = 'correct horse battery';

/** As the product writes it, at next to no cost: its own is slow on purpose, and what is stored says how it is compared. */
const PASSWORD_HASH = cheapHash(PASSWORD);

export async function makeWorkspace(): Promise<string> {
  const id = randomUUID();
  await prisma().workspace.create({ data: { id, slug: `w-${id}`, name: 'Test workspace' } });
  return id;
}

export async function makeUser(workspaceId: string, role: Role): Promise<{ id: string; email: string }> {
  const id = randomUUID();
  const email = `${role}-${id}@example.com`;
  await prisma().user.create({ data: { id, email, name: role, passwordHash: PASSWORD_HASH } });
  await prisma().membership.create({ data: { workspaceId, userId: id, role } });
  return { id, email };
}

/** Makes a key and returns it. */
export async function makeApiKey(
  workspaceId: string,
  role: Role,
  state: { readonly expiresAt?: Date; readonly revokedAt?: Date } = {},
): Promise<string> {
  const key = `pb_${randomBytes(32).toString('base64url')}`;
  const row = { id: uuidv7(), workspaceId, name: `${role} key`, role, prefix: key.slice(0, 8) };
  await prisma().apiKey.create({ data: { ...row, ...state, keyHash: new Uint8Array(sha256(key)) } });
  return key;
}

/** Begins a session without the sign-in page and returns its `Cookie` header. */
export async function makeSession(userId: string): Promise<string> {
  const session = await createSession({ userId, address: '127.0.0.1', userAgent: 'test' });
  const value = await encode({ token: { sub: userId, session }, secret: envelopeSecret(), maxAge: 3600 });
  return `${cookieName('session')}=${value}`;
}

function cheapHash(password: string): string {
  const [N, r, p] = [16, 8, 1];
  const salt = randomBytes(16);
  const hash = scryptSync(password, salt, 32, { N, r, p });
  return ['scrypt', N, r, p, salt.toString('base64'), hash.toString('base64')].join('$');
}
