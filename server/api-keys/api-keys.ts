import { randomBytes } from 'node:crypto';

import { z } from 'zod';

import type { Page } from '#core/api/common.ts';
import type { ApiKey, createApiKeySchema, CreatedApiKey } from '#core/api/workspace.ts';
import type { ApiKey as ApiKeyRow } from '#prisma/generated/client.ts';
import { recordAudit } from '#server/audit/record-audit.ts';
import type { Actor } from '#server/auth/actor.ts';
import { mayGrant } from '#server/auth/authorize.ts';
import { sha256 } from '#server/auth/sha256.ts';
import { decodeCursor, pageOf } from '#server/db/page-cursor.ts';
import { prisma } from '#server/db/prisma.ts';
import { inTransaction } from '#server/db/transaction.ts';
import { uuidv7 } from '#server/db/uuid.ts';
import { notFound, ProblemError } from '#server/problem.ts';

/** The workspace's keys that are not revoked, newest first, a page at a time. Never the keys themselves. */
export async function listApiKeys(
  workspaceId: string,
  query: { readonly limit: number; readonly cursor?: string },
): Promise<Page<ApiKey>> {
  const after = decodeCursor(query.cursor, z.strictObject({ id: z.uuid() }));
  const rows = await prisma().apiKey.findMany({
    where: { workspaceId, revokedAt: null, ...(after ? { id: { lt: after.id } } : {}) },
    orderBy: { id: 'desc' },
    take: query.limit + 1,
  });
  const page = pageOf(rows, query.limit, ({ id }) => ({ id }));
  return { data: page.data.map(toApiKey), next: page.next };
}

/** Makes a key of at most the actor's own role. The reply alone carries it; the database keeps its SHA-256. */
export async function createApiKey(
  actor: Actor,
  input: z.output<typeof createApiKeySchema>,
): Promise<CreatedApiKey> {
  const { name, role } = input;
  if (!mayGrant(actor.role, role)) throw tooMuch(actor.role, role);
  const expiresAt = readExpiry(input.expiresAt);
  const key = `pb_${randomBytes(32).toString('base64url')}`;
  return inTransaction(async (tx) => {
    const owner = { id: uuidv7(), workspaceId: actor.workspaceId, createdById: actor.userId };
    const row = await tx.apiKey.create({
      data: {
        ...owner,
        name,
        role,
        prefix: key.slice(0, 8),
        keyHash: new Uint8Array(sha256(key)),
        expiresAt,
      },
    });
    await recordAudit(tx, actor, {
      action: 'api_key.create',
      resource: `api_key:${row.id}`,
      detail: { name, role, expiresAt: expiresAt?.toISOString() ?? null },
    });
    return { ...toApiKey(row), key };
  });
}

/** Revokes a key at once. Throws 404 for one that is unknown or revoked already, 403 for one of a higher role. */
export async function revokeApiKey(actor: Actor, id: string): Promise<void> {
  const { workspaceId } = actor;
  await inTransaction(async (tx) => {
    const row = await tx.apiKey.findFirst({ where: { id, workspaceId, revokedAt: null } });
    if (!row) throw notFound('API key of that id in this workspace');
    if (!mayGrant(actor.role, row.role)) throw tooMuch(actor.role, row.role);
    const { count } = await tx.apiKey.updateMany({
      where: { id, revokedAt: null },
      data: { revokedAt: new Date() },
    });
    if (count === 0) throw notFound('API key of that id in this workspace');
    await recordAudit(tx, actor, {
      action: 'api_key.revoke',
      resource: `api_key:${id}`,
      detail: { name: row.name },
    });
  });
}

function toApiKey(row: ApiKeyRow): ApiKey {
  return {
    id: row.id,
    name: row.name,
    role: row.role,
    prefix: row.prefix,
    createdAt: row.createdAt.toISOString(),
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
    expiresAt: row.expiresAt?.toISOString() ?? null,
  };
}

function readExpiry(text: string | null): Date | null {
  if (text === null) return null;
  const expiresAt = new Date(text);
  if (expiresAt.getTime() > Date.now()) return expiresAt;
  const message = 'This time is past. Choose a later one, or leave it out for a key that does not expire.';
  throw new ProblemError({
    status: 422,
    code: 'invalid_expiry',
    title: 'The key would be expired',
    detail: message,
    errors: [{ pointer: '/expiresAt', message }],
  });
}

function tooMuch(role: string, wanted: string): ProblemError {
  return new ProblemError({
    status: 403,
    code: 'forbidden',
    title: 'Not allowed',
    detail: `Your role, ${role}, cannot make or revoke keys of the role ${wanted}: nobody hands out more than they have.`,
  });
}
