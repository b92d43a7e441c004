import { createHmac } from 'node:crypto';

import type { Prisma } from '#prisma/generated/client.ts';
import type { RouteReply } from '#server/api/route.ts';
import { underClaim } from '#server/audit/effect-mark.ts';
import type { AuditedAct } from '#server/audit/record-audit.ts';
import type { Actor } from '#server/auth/actor.ts';
import { prisma } from '#server/db/prisma.ts';
import { ProblemError } from '#server/problem.ts';
import { seal, unseal, VaultError } from '#server/vault/aead.ts';
import { derivedSecrets, deriveSecret } from '#server/vault/key-ring.ts';

/** A request whose server died blocks its key for so long; no call takes longer. */
const IN_FLIGHT_SECONDS = 180;
const KEPT_SECONDS = 24 * 3600;
const REPLY_PURPOSE = 'idempotency reply';

/** One POST that carries an `Idempotency-Key`. */
export interface KeyedRequest {
  readonly actor: Actor;
  /** Path and query. */
  readonly target: string;
  readonly key: string;
  readonly body: Uint8Array;
}

/**
 * Runs `work` once for each actor, route and key, and gives the same reply to every repetition for 24 hours. Throws a
 * problem: 409 while the first request is under way, 422 when the key comes with another payload. A failed request
 * leaves the key free, unless it had changed something. Where the server died after that, `again` makes the reply from
 * what was done; the work is not done twice.
 */
export async function onceForKey(
  request: KeyedRequest,
  work: () => Promise<RouteReply>,
  again: (effect: AuditedAct) => Promise<RouteReply>,
): Promise<RouteReply> {
  const claim = claimOf(request);
  const claimedAt = await tryClaim(claim);
  if (claimedAt === null) return earlierReply(claim, again);
  try {
    const reply = await underClaim({ ...claim, claimedAt }, work);
    await keepReply(claim, claimedAt, reply);
    return reply;
  } catch (error) {
    await release(claim, claimedAt);
    throw error;
  }
}

/** The key of a request's header, null without one. Throws a 400 problem for one that is empty, too long or not plain. */
export function idempotencyKeyOf(headers: Headers): string | null {
  const key = headers.get('idempotency-key');
  if (key === null || /^[\x21-\x7e]([\x20-\x7e]{0,253}[\x21-\x7e])?$/.test(key)) return key;
  throw new ProblemError({
    status: 400,
    code: 'invalid_idempotency_key',
    title: 'The Idempotency-Key is not valid',
    detail: 'An Idempotency-Key has 1 to 255 plain characters, for example a UUID.',
  });
}

interface Claim {
  readonly workspaceId: string;
  readonly scope: string;
  readonly requestHash: Buffer;
  /** The same under the previous master key, while there is one. */
  readonly earlierHash: Buffer | undefined;
}

/** Keyed: a body may hold a secret that a plain hash would let somebody guess. */
function claimOf({ actor, target, key, body }: KeyedRequest): Claim {
  const [requestHash, earlierHash] = derivedSecrets('idempotency request').map((secret) =>
    createHmac('sha256', secret).update(body).digest(),
  ) as [Buffer, Buffer?];
  return {
    workspaceId: actor.workspaceId,
    scope: `${actor.kind}:${actor.id} POST ${target} ${key}`,
    requestHash,
    earlierHash,
  };
}

/** The time of the claim as Postgres writes it, which names the claim from then on; null when the key is taken. */
async function tryClaim({ workspaceId, scope, requestHash }: Claim): Promise<string | null> {
  await forgetOldRecords();
  const rows = await prisma().$queryRaw<{ claimedAt: string }[]>`
    INSERT INTO idempotency_record AS r (workspace_id, scope, request_hash, created_at)
    VALUES (${workspaceId}::uuid, ${scope}, ${requestHash}, clock_timestamp())
    ON CONFLICT (workspace_id, scope) DO UPDATE SET
      request_hash = excluded.request_hash, created_at = excluded.created_at, status = NULL, body = NULL, headers = NULL, effect = NULL
    WHERE r.created_at < now() - make_interval(secs => ${KEPT_SECONDS})
      OR (r.status IS NULL AND r.effect IS NULL AND r.created_at < now() - make_interval(secs => ${IN_FLIGHT_SECONDS}))
    RETURNING created_at::text AS "claimedAt"`;
  return rows[0]?.claimedAt ?? null;
}

async function earlierReply(
  claim: Claim,
  again: (effect: AuditedAct) => Promise<RouteReply>,
): Promise<RouteReply> {
  const record = await prisma().idempotencyRecord.findUnique({
    where: { workspaceId_scope: { workspaceId: claim.workspaceId, scope: claim.scope } },
  });
  const isSame = (hash: Buffer | undefined) => record !== null && hash?.equals(record.requestHash) === true;
  if (record && !isSame(claim.requestHash) && !isSame(claim.earlierHash)) throw otherPayload();
  if (!record) throw inFlight();
  if (record.status === null) return replyAgain(claim, again);
  return { ...openReply(claim.scope, record.body), status: record.status };
}

/** The first request did something and is over without a reply on record: its server died in between. */
async function replyAgain(
  claim: Claim,
  again: (effect: AuditedAct) => Promise<RouteReply>,
): Promise<RouteReply> {
  const rows = await prisma().$queryRaw<{ effect: AuditedAct; claimedAt: string }[]>`
    SELECT effect, created_at::text AS "claimedAt" FROM idempotency_record
    WHERE workspace_id = ${claim.workspaceId}::uuid AND scope = ${claim.scope} AND status IS NULL AND effect IS NOT NULL
      AND created_at < now() - make_interval(secs => ${IN_FLIGHT_SECONDS})`;
  const [done] = rows;
  if (!done) throw inFlight();
  const reply = await again(done.effect);
  await keepReply(claim, done.claimedAt, reply);
  return { ...reply, headers: { ...reply.headers, 'idempotency-replayed': 'true' } };
}

async function keepReply(claim: Claim, claimedAt: string, reply: RouteReply): Promise<void> {
  if (reply.status >= 400) return release(claim, claimedAt);
  const body = JSON.stringify({ sealed: sealReply(claim.scope, reply) });
  await prisma().$executeRaw`
    UPDATE idempotency_record SET status = ${reply.status}, body = ${body}::json
    WHERE workspace_id = ${claim.workspaceId}::uuid AND scope = ${claim.scope} AND created_at = ${claimedAt}::timestamptz`;
}

async function release(claim: Claim, claimedAt: string): Promise<void> {
  await prisma().$executeRaw`
    DELETE FROM idempotency_record
    WHERE workspace_id = ${claim.workspaceId}::uuid AND scope = ${claim.scope} AND created_at = ${claimedAt}::timestamptz
      AND effect IS NULL`;
}

/** Sealed: the reply to a new API key carries the key, which is otherwise stored nowhere. */
function sealReply(scope: string, { body, headers }: RouteReply): string {
  const text = JSON.stringify({ body, headers });
  return seal(deriveSecret(REPLY_PURPOSE), Buffer.from(text, 'utf8'), [scope]).toString('base64');
}

function openReply(scope: string, stored: Prisma.JsonValue): Pick<RouteReply, 'body' | 'headers'> {
  const { sealed } = stored as { readonly sealed: string };
  const text = unsealText(scope, Buffer.from(sealed, 'base64'));
  if (text === null)
    throw conflict(
      'The first reply to this Idempotency-Key cannot be read any more, because the master key changed. Look whether the request took effect before you use a new key.',
    );
  const { body, headers } = JSON.parse(text) as Pick<RouteReply, 'body' | 'headers'>;
  return { body, headers: { ...headers, 'idempotency-replayed': 'true' } };
}

/** Null where neither the current master key nor the previous one opens it. */
function unsealText(scope: string, sealed: Buffer): string | null {
  for (const secret of derivedSecrets(REPLY_PURPOSE)) {
    try {
      return unseal(secret, sealed, [scope]).toString('utf8');
    } catch (error) {
      if (!(error instanceof VaultError)) throw error;
    }
  }
  return null;
}

async function forgetOldRecords(): Promise<void> {
  await prisma().$executeRaw`
    DELETE FROM idempotency_record WHERE (workspace_id, scope) IN (
      SELECT workspace_id, scope FROM idempotency_record
      WHERE created_at < now() - make_interval(secs => ${KEPT_SECONDS}) ORDER BY created_at LIMIT 100 FOR UPDATE SKIP LOCKED)`;
}

function inFlight(): ProblemError {
  return conflict('A request with this Idempotency-Key is under way. Try again in a moment.', {
    'retry-after': '1',
  });
}

function conflict(detail: string, headers?: Readonly<Record<string, string>>): ProblemError {
  return new ProblemError({
    status: 409,
    code: 'idempotency_conflict',
    title: 'Key in use',
    detail,
    headers,
  });
}

function otherPayload(): ProblemError {
  return new ProblemError({
    status: 422,
    code: 'idempotency_key_reused',
    title: 'Key used for another request',
    detail: 'This Idempotency-Key came with another payload before. Use a new key for a new request.',
  });
}
