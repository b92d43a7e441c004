import { randomUUID } from 'node:crypto';

import { findConnector } from '#connectors/definitions.ts';
import type { Connection, CreateConnection, PatchConnection } from '#core/api/connections.ts';
import type { RateBudget } from '#core/rate-budget.ts';
import { recordAudit } from '#server/audit/record-audit.ts';
import type { Actor } from '#server/auth/actor.ts';
import { changeFields } from '#server/connections/change-fields.ts';
import { checkFields } from '#server/connections/connection-fields.ts';
import { lockConnection } from '#server/connections/find-connection.ts';
import { readConnection } from '#server/connections/list-connections.ts';
import { insertFields, keyColumns } from '#server/connections/replace-fields.ts';
import { requireManaged } from '#server/connections/rights.ts';
import { authorize } from '#server/auth/authorize.ts';
import { crashPoint } from '#server/crash-point.ts';
import { inTransaction, type Transaction } from '#server/db/transaction.ts';
import { giveBack } from '#server/oauth/give-back.ts';
import { ProblemError } from '#server/problem.ts';
import { sealFields } from '#server/vault/sealed-record.ts';

/** What comes after `/connections/` in the API and is no connection. */
const RESERVED_SLUG = 'at-risk';

/** Creates a connection with sealed fields. 409 when the slug is taken, 422 with every fault of the fields. */
export async function createConnection(actor: Actor, input: CreateConnection): Promise<Connection> {
  const { slug, connector } = input;
  const ownership = ownershipOf(actor, input);
  const fields = checkFields(connector, input.fields);
  const place = { workspaceId: actor.workspaceId, recordId: randomUUID() };
  const sealed = sealFields(place, fields);
  return inTransaction(async (tx) => {
    const row = {
      id: place.recordId,
      workspaceId: place.workspaceId,
      slug,
      connector,
      name: input.name ?? slug,
      ...ownership,
      status: needsTokens(connector) ? ('pending' as const) : ('ok' as const),
      ...budgetColumns(input.budget ?? null),
    };
    const { count } = await tx.connection.createMany({
      data: [{ ...row, ...keyColumns(sealed), createdById: actor.userId }],
      skipDuplicates: true,
    });
    if (count === 0 || slug === RESERVED_SLUG) throw slugTaken(slug);
    await insertFields(tx, place.recordId, sealed);
    await recordAudit(tx, actor, {
      action: 'connection.create',
      resource: `connection:${slug}`,
      detail: {
        connector,
        fields: Object.keys(fields),
        owner: ownership.ownerId === null ? 'workspace' : 'member',
        isShared: ownership.isShared,
        ...(input.budget && { budget: input.budget }),
      },
    });
    return readConnection(actor, slug, tx);
  });
}

/**
 * Changes the name, replaces the given fields and leaves the others. Tokens that were granted for other addresses or by another client
 * are given back. Throws 404, 403, and 422 with every fault.
 */
export async function patchConnection(
  actor: Actor,
  slug: string,
  patch: PatchConnection,
): Promise<Connection> {
  const { patched, taken } = await inTransaction(async (tx) => {
    const row = await lockConnection(tx, actor.workspaceId, slug);
    requireManaged(row, actor);
    if (patch.isShared === false && row.ownerId === null) throw nobodysOwn();
    const name = patch.name ?? row.name;
    await tx.connection.update({
      where: { id: row.id },
      data: { name, ...(patch.isShared !== undefined && { isShared: patch.isShared }) },
    });
    await tx.$executeRaw`UPDATE connection SET updated_at = clock_timestamp() WHERE id = ${row.id}::uuid`;
    if (patch.budget !== undefined) await changeBudget(tx, row, patch.budget);
    const changed = patch.fields && (await changeFields(tx, row, patch.fields));
    await recordAudit(tx, actor, {
      action: 'connection.update',
      resource: `connection:${slug}`,
      detail: {
        ...(patch.name === undefined ? {} : { name }),
        fields: Object.keys(patch.fields ?? {}),
        ...(changed?.keepsTokens === false && { tokens: 'forgotten' }),
        ...(patch.budget === undefined ? {} : { budget: patch.budget }),
        ...(patch.isShared === undefined ? {} : { isShared: patch.isShared }),
      },
    });
    crashPoint('connection.before_commit');
    return { patched: await readConnection(actor, slug, tx), taken: changed?.taken ?? null };
  });
  crashPoint('connection.after_commit');
  await giveBack(actor, taken);
  return patched;
}

/** What was booked by the old budget counts no more: those that wait are let go, some at a time, and book anew. */
async function changeBudget(
  tx: Transaction,
  { id, workspaceId, slug }: { id: string; workspaceId: string; slug: string },
  budget: RateBudget | null,
): Promise<void> {
  await tx.connection.update({ where: { id }, data: budgetColumns(budget) });
  await tx.$executeRaw`UPDATE connection_rate SET free_at = next_at WHERE connection_id = ${id}::uuid`;
  await tx.$executeRaw`
    UPDATE step SET waiting_for = 'breaker' FROM run
    WHERE run.id = step.run_id AND run.workspace_id = ${workspaceId}::uuid AND step.waiting_for IN ('breaker', 'budget')
      AND step.waiting_for = 'budget' AND step.held_by = ${`connection:${slug}`}`;
}

function budgetColumns(budget: RateBudget | null) {
  return { budgetCalls: budget?.calls ?? null, budgetSeconds: budget?.seconds ?? null };
}

/** Whose a new connection is. Connecting an account of one's own is less than making one for the workspace. */
function ownershipOf(
  actor: Actor,
  { connector, owner, isShared }: CreateConnection,
): { readonly ownerId: string | null; readonly isShared: boolean } {
  const isConsented = findConnector(connector)?.oauth?.grant === 'authorization_code';
  const isOwn = owner === 'me' || (owner === undefined && isConsented && actor.userId !== null);
  if (isOwn && actor.userId === null) throw nobodys();
  authorize(actor, isOwn ? 'connection:use' : 'connection:manage');
  if (isOwn) return { ownerId: actor.userId, isShared: isShared ?? true };
  if (isShared === false) throw nobodysOwn();
  return { ownerId: null, isShared: true };
}

function needsTokens(connector: string): boolean {
  return findConnector(connector)?.oauth !== undefined;
}

function nobodys(): ProblemError {
  const message =
    'An API key that belongs to no member has no account of its own. Make the connection one of the workspace.';
  return new ProblemError({
    status: 422,
    code: 'no_owner',
    title: 'Nobody would own the connection',
    detail: message,
    errors: [{ pointer: '/owner', message, code: 'no_owner' }],
  });
}

function nobodysOwn(): ProblemError {
  const message = 'One of the workspace is everybody’s: only one of a member can be for that member alone.';
  return new ProblemError({
    status: 422,
    code: 'not_owned',
    title: 'The connection belongs to no member',
    detail: message,
    errors: [{ pointer: '/isShared', message, code: 'not_owned' }],
  });
}

function slugTaken(slug: string): ProblemError {
  return new ProblemError({
    status: 409,
    code: 'slug_taken',
    title: 'The slug is taken',
    detail: `There is a connection “${slug}” already. Choose another slug.`,
    errors: [
      { pointer: '/slug', message: 'There is a connection of this slug already.', code: 'slug_taken' },
    ],
  });
}
