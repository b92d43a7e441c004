import { randomBytes, randomUUID } from 'node:crypto';

import type { OAuthDef } from '#connectors/contract.ts';
import { findConnector } from '#connectors/definitions.ts';
import type { ConnectLink, CreateConnectLink } from '#core/api/connections.ts';
import { recordAudit } from '#server/audit/record-audit.ts';
import type { Actor } from '#server/auth/actor.ts';
import { sha256 } from '#server/auth/sha256.ts';
import {
  lockConnection,
  sealedOf,
  WITH_FIELDS,
  type StoredConnection,
} from '#server/connections/find-connection.ts';
import { requireManaged } from '#server/connections/rights.ts';
import { databaseNow } from '#server/db/clock-watch.ts';
import { prisma } from '#server/db/prisma.ts';
import { inTransaction, type Transaction } from '#server/db/transaction.ts';
import { env } from '#server/env.ts';
import { scopesOf } from '#server/oauth/provider.ts';
import { notFound, ProblemError } from '#server/problem.ts';
import { openFields } from '#server/vault/sealed-record.ts';

type LinkRow = {
  id: string;
  purpose: string;
  createdAt: Date;
  expiresAt: Date;
  usedAt: Date | null;
  cancelledAt: Date | null;
};

/** Makes a link by which someone without an account here grants a connection access to theirs. The reply alone has its address. */
export async function createConnectLink(
  actor: Actor,
  slug: string,
  { purpose, expiresInHours = 24 }: CreateConnectLink,
): Promise<ConnectLink & { readonly url: string }> {
  const token = randomBytes(32).toString('base64url');
  return inTransaction(async (tx) => {
    const connection = await managed(tx, actor, slug);
    const id = randomUUID();
    await tx.connectLink.create({
      data: {
        id,
        workspaceId: actor.workspaceId,
        connectionId: connection.id,
        tokenHash: new Uint8Array(sha256(token)),
        purpose,
        createdById: actor.userId,
        expiresAt: new Date(0),
      },
    });
    await tx.$executeRaw`
      UPDATE connect_link SET created_at = now(), expires_at = now() + ${expiresInHours}::int * interval '1 hour' WHERE id = ${id}::uuid`;
    await recordAudit(tx, actor, {
      action: 'connect_link.create',
      resource: `connection:${slug}`,
      detail: { purpose, expiresInHours },
    });
    const row = await tx.connectLink.findUniqueOrThrow({ where: { id } });
    return { ...describe(row), url: `${env().publicUrl}/connect/${token}` };
  });
}

export async function listConnectLinks(actor: Actor, slug: string): Promise<readonly ConnectLink[]> {
  return inTransaction(async (tx) => {
    const { id: connectionId } = await managed(tx, actor, slug);
    const rows = await tx.connectLink.findMany({
      where: { connectionId },
      orderBy: { createdAt: 'desc' },
      take: 50,
    });
    return rows.map(describe);
  });
}

/** Ends a link before its time. Throws 404. */
export async function cancelConnectLink(actor: Actor, slug: string, id: string): Promise<void> {
  await inTransaction(async (tx) => {
    const { id: connectionId } = await managed(tx, actor, slug);
    const { count } = await tx.connectLink.updateMany({
      where: { id, connectionId, usedAt: null, cancelledAt: null },
      data: { cancelledAt: new Date() },
    });
    if (count === 0) throw notFound('open link of this id');
    await recordAudit(tx, actor, {
      action: 'connect_link.cancel',
      resource: `connection:${slug}`,
      detail: { id },
    });
  });
}

/** What the page behind a link shows. */
export interface OpenedLink {
  readonly id: string;
  readonly workspaceId: string;
  readonly slug: string;
  readonly state: ConnectLink['state'];
  readonly workspace: string;
  /** Who sent it; null when they are gone. */
  readonly sender: string | null;
  readonly app: string;
  readonly purpose: string;
  readonly scopes: readonly string[];
  readonly expiresAt: Date;
}

/** The link of a token; null for none. Looking uses nothing up: mail scanners look, too. */
export async function openConnectLink(token: string): Promise<OpenedLink | null> {
  const row = await prisma().connectLink.findUnique({
    where: { tokenHash: new Uint8Array(sha256(token)) },
    include: { workspace: true, createdBy: true, connection: { include: WITH_FIELDS } },
  });
  if (!row) return null;
  const connector = findConnector(row.connection.connector);
  return {
    id: row.id,
    workspaceId: row.workspaceId,
    slug: row.connection.slug,
    state: stateOf(row),
    workspace: row.workspace.name,
    sender: row.createdBy?.name ?? null,
    app: connector?.label ?? row.connection.connector,
    purpose: row.purpose,
    scopes: connector?.oauth ? scopesInWords(connector.oauth, row.connection) : [],
    expiresAt: row.expiresAt,
  };
}

/** What is asked for, in words where the connector has them. */
function scopesInWords(facts: OAuthDef, connection: StoredConnection): string[] {
  const { place, record } = sealedOf(connection);
  const asked = scopesOf(facts, facts.scopesField === undefined ? {} : openFields(place, record));
  return asked.map((scope) => facts.scopes.find(({ id }) => id === scope)?.says ?? scope);
}

async function managed(tx: Transaction, actor: Actor, slug: string) {
  const connection = await lockConnection(tx, actor.workspaceId, slug);
  requireManaged(connection, actor);
  if (findConnector(connection.connector)?.oauth?.grant === 'authorization_code') return connection;
  throw new ProblemError({
    status: 422,
    code: 'no_consent',
    title: 'There is nothing to consent to',
    detail: 'Links are for apps that have a consent screen.',
  });
}

function describe(row: LinkRow): ConnectLink {
  const { id, purpose } = row;
  return {
    id,
    purpose,
    state: stateOf(row),
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
  };
}

function stateOf({ usedAt, cancelledAt, expiresAt }: LinkRow): ConnectLink['state'] {
  if (usedAt !== null) return 'used';
  if (cancelledAt !== null) return 'cancelled';
  return expiresAt.getTime() <= databaseNow() ? 'expired' : 'open';
}
