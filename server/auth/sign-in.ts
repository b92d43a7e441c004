import { PASSWORD_LENGTH } from '#core/api/words.ts';
import type { Prisma } from '#prisma/generated/client.ts';
import { recordAudit } from '#server/audit/record-audit.ts';
import { parseEmail } from '#server/auth/parse-email.ts';
import { verifyPassword } from '#server/auth/password.ts';
import {
  resetLimit,
  returnToLimits,
  takeFromLimits,
  tooManyAttempts,
  type RateLimit,
} from '#server/auth/rate-limit.ts';
import { readSessionCookie } from '#server/auth/session-cookie.ts';
import { createSession, revokeSessionByToken } from '#server/auth/sessions.ts';
import { sha256 } from '#server/auth/sha256.ts';
import { prisma } from '#server/db/prisma.ts';

const WINDOW_SECONDS = 15 * 60;
const MAX_PER_ACCOUNT = 10;
const MAX_PER_ADDRESS = 50;

export interface SignInAttempt {
  readonly email: string;
  readonly password: string;
  readonly address: string;
  readonly userAgent: string;
  /** The `Cookie` header: a session that the browser still has ends, so that each sign-in begins a new one. */
  readonly cookies: string;
}

export interface SignedIn {
  readonly userId: string;
  readonly email: string;
  readonly name: string;
  readonly sessionToken: string;
}

/**
 * Checks e-mail and password and begins a session. Null for a wrong pair; the reply and the time it takes are the same
 * for an unknown account, a disabled one and a wrong password. Throws a 429 problem beyond 10 failures for an
 * account or 50 from an address in 15 minutes.
 */
export async function signIn(attempt: SignInAttempt): Promise<SignedIn | null> {
  const email = parseEmail(attempt.email);
  const limits = signInLimits(email ?? attempt.email, attempt.address);
  const waitSeconds = await takeFromLimits(limits);
  if (waitSeconds > 0) throw tooManyAttempts(waitSeconds);

  const account = email === null ? null : await findAccount(email);
  const isRight = await verifyPassword(
    attempt.password.slice(0, PASSWORD_LENGTH.max + 1),
    account?.passwordHash ?? null,
  );
  if (!account || !isRight) {
    if (account) await auditSignIn(account, attempt, 'session.refuse');
    return null;
  }
  await returnToLimits(limits);
  await resetLimit(accountKey(account.email));
  return beginSession(account, attempt);
}

/** Ends the session of a token, with an entry in the audit trail. */
export async function signOut(token: string, address: string): Promise<void> {
  const userId = await revokeSessionByToken(token);
  const account = userId === null ? null : await findAccountById(userId);
  if (account) await auditSignIn(account, { address }, 'session.end');
}

interface Account {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly passwordHash: string;
  readonly workspaceId: string;
}

async function beginSession(account: Account, attempt: SignInAttempt): Promise<SignedIn> {
  const earlier = await readSessionCookie(attempt.cookies);
  if (earlier) await revokeSessionByToken(earlier.token);
  const { address, userAgent } = attempt;
  const sessionToken = await createSession({ userId: account.id, address, userAgent });
  await auditSignIn(account, attempt, 'session.begin');
  return { userId: account.id, email: account.email, name: account.name, sessionToken };
}

async function findAccount(email: string): Promise<Account | null> {
  const user = await prisma().user.findFirst({
    where: { email, disabledAt: null },
    include: { memberships: OLDEST },
  });
  return toAccount(user);
}

async function findAccountById(id: string): Promise<Account | null> {
  return toAccount(await prisma().user.findUnique({ where: { id }, include: { memberships: OLDEST } }));
}

const OLDEST = {
  orderBy: [{ createdAt: 'asc' }, { workspaceId: 'asc' }],
  take: 1,
} satisfies Prisma.User$membershipsArgs;

type UserRow = Omit<Account, 'workspaceId'> & {
  readonly memberships: readonly { readonly workspaceId: string }[];
};

/** A user in no workspace has nothing to sign in to. */
function toAccount(user: UserRow | null): Account | null {
  const membership = user?.memberships[0];
  return user && membership ? { ...user, workspaceId: membership.workspaceId } : null;
}

function signInLimits(email: string, address: string): readonly RateLimit[] {
  return [
    { key: accountKey(email), max: MAX_PER_ACCOUNT, windowSeconds: WINDOW_SECONDS },
    { key: `sign_in:address:${address}`, max: MAX_PER_ADDRESS, windowSeconds: WINDOW_SECONDS },
  ];
}

/** Hashed: people type passwords into the wrong field. */
function accountKey(email: string): string {
  return `sign_in:account:${sha256(email.trim().toLowerCase()).toString('base64url')}`;
}

async function auditSignIn(
  account: Account,
  attempt: { readonly address: string },
  action: string,
): Promise<void> {
  const actor = {
    kind: 'system',
    name: account.email,
    workspaceId: account.workspaceId,
    address: attempt.address,
  } as const;
  await recordAudit(prisma(), actor, { action, resource: `user:${account.id}` });
}
