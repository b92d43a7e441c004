import { randomBytes, randomUUID } from 'node:crypto';

import { findConnector } from '#connectors/definitions.ts';
import { APP_EVENT_SOURCES, findAppEventSource } from '#connectors/trigger-handlers.ts';
import type { AppEventSource } from '#connectors/trigger-contract.ts';
import type { AppHook, PutAppHook } from '#core/api/app-hooks.ts';
import type { AppHook as AppHookRow } from '#prisma/generated/client.ts';
import { recordAudit } from '#server/audit/record-audit.ts';
import type { Actor } from '#server/auth/actor.ts';
import { sha256 } from '#server/auth/sha256.ts';
import { prisma } from '#server/db/prisma.ts';
import { inTransaction, type Transaction } from '#server/db/transaction.ts';
import { env } from '#server/env.ts';
import { invalidAt } from '#server/flows/faults-problem.ts';
import { notFound } from '#server/problem.ts';
import { openSecret, sealSecret } from '#server/subscriptions/seal-secret.ts';

/** Every app that sends events to one address, set up in the workspace or not. */
export async function listAppHooks(workspaceId: string): Promise<readonly AppHook[]> {
  const rows = await prisma().appHook.findMany({ where: { workspaceId } });
  return APP_EVENT_SOURCES.map((source) =>
    describe(
      source,
      rows.find(({ connector }) => connector === source.connector),
    ),
  );
}

/** The connectors whose events are taken in the workspace. */
export async function readyAppHooks(workspaceId: string): Promise<ReadonlySet<string>> {
  const rows = await prisma().appHook.findMany({
    where: { workspaceId },
    select: { connector: true, secret: true },
  });
  const ready = APP_EVENT_SOURCES.filter((source) =>
    isReady(
      source,
      rows.find(({ connector }) => connector === source.connector),
    ),
  );
  return new Set(ready.map(({ connector }) => connector));
}

/** Makes the address of an app's events, and sets or forgets what it signs with. Throws 404 for an app that sends none, 422 for a secret that is not for people to enter. */
export async function putAppHook(actor: Actor, connector: string, input: PutAppHook): Promise<AppHook> {
  const source = required(connector);
  const { secret } = input;
  if (typeof secret === 'string' && source.secret !== 'entered')
    throw invalidAt('/secret', 'secret_not_entered', NOT_ENTERED[source.secret]);
  return inTransaction(async (tx) => {
    const row = await ensureRow(tx, actor.workspaceId, connector);
    if (secret === undefined) return describe(source, row);
    const place = { workspaceId: row.workspaceId, recordId: row.id };
    const sealed =
      secret === null ? { wrappedKey: null, keyVersion: null, secret: null } : sealSecret(place, secret);
    const changed = await tx.appHook.update({
      where: { id: row.id },
      data: { ...sealed, updatedAt: new Date() },
    });
    await recordAudit(tx, actor, {
      action: 'app_hook.update',
      resource: `app_hook:${connector}`,
      detail: { secret: secret === null ? 'forgotten' : 'set' },
    });
    return describe(source, changed);
  });
}

/** Forgets the address: what the app still sends is answered 404. Throws 404 when there is none. */
export async function deleteAppHook(actor: Actor, connector: string): Promise<void> {
  required(connector);
  const { workspaceId } = actor;
  await inTransaction(async (tx) => {
    const { count } = await tx.appHook.deleteMany({ where: { workspaceId, connector } });
    if (count === 0) throw notFound(`address for the events of “${connector}” in this workspace`);
    await recordAudit(tx, actor, { action: 'app_hook.delete', resource: `app_hook:${connector}` });
  });
}

const NOT_ENTERED = {
  client: 'This app signs with the secret of the OAuth app, which is entered there.',
  handshake: 'This app sends its secret by itself once it knows the address.',
} as const;

function required(connector: string): AppEventSource {
  const source = findAppEventSource(connector);
  if (!source) throw notFound(`app “${connector.slice(0, 63)}” that sends events to one address`);
  return source;
}

async function ensureRow(tx: Transaction, workspaceId: string, connector: string): Promise<AppHookRow> {
  const token = randomBytes(24).toString('base64url');
  await tx.appHook.createMany({
    data: [{ id: randomUUID(), workspaceId, connector, token, tokenHash: new Uint8Array(sha256(token)) }],
    skipDuplicates: true,
  });
  return tx.appHook.findUniqueOrThrow({ where: { workspaceId_connector: { workspaceId, connector } } });
}

function describe(source: AppEventSource, row: AppHookRow | undefined): AppHook {
  const { connector, secret, setup } = source;
  return {
    connector,
    label: findConnector(connector)?.label ?? connector,
    url: row ? `${env().publicUrl}/hooks/apps/${connector}/${row.token}` : null,
    secret,
    isReady: isReady(source, row),
    verificationToken: secret === 'handshake' && row ? tokenOf(row) : null,
    setup: [...setup],
    lastDeliveryAt: row?.receivedAt?.toISOString() ?? null,
    updatedAt: row?.updatedAt.toISOString() ?? null,
  };
}

function isReady({ secret }: AppEventSource, row: Pick<AppHookRow, 'secret'> | undefined): boolean {
  return row !== undefined && (secret === 'client' || row.secret !== null);
}

/** It is shown, because a person has to paste it at the app. */
function tokenOf({ id, workspaceId, wrappedKey, keyVersion, secret }: AppHookRow): string | null {
  if (!wrappedKey || keyVersion === null || !secret) return null;
  return openSecret({ workspaceId, recordId: id }, { wrappedKey, keyVersion, secret });
}
