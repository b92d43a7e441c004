import { PASSWORD_LENGTH } from '#core/api/words.ts';
import { recordAudit } from '#server/audit/record-audit.ts';
import { parseEmail } from '#server/auth/parse-email.ts';
import { hashPassword } from '#server/auth/password.ts';
import { sha256 } from '#server/auth/sha256.ts';
import { inTransaction, type Transaction } from '#server/db/transaction.ts';
import { uuidv7 } from '#server/db/uuid.ts';
import { env, EnvironmentError, type Env } from '#server/env.ts';
import { createOwner, firstWorkspace, lockFirstRun } from '#server/workspace/create-owner.ts';

const MIN_KEY_LENGTH = 32;
const MAX_KEY_LENGTH = 500;

type OwnerEnv = Pick<Env, 'PATCHBAY_OWNER_EMAIL' | 'PATCHBAY_OWNER_PASSWORD' | 'PATCHBAY_OWNER_API_KEY'>;

/**
 * On an empty database, creates the owner and the API key that `PATCHBAY_OWNER_*` name; e-mail and password go
 * together, the key may stand alone. A second call, also from another process at the same time, changes nothing.
 * Throws `EnvironmentError` with one plain sentence for values that cannot be meant.
 */
export async function bootstrapOwner(source: OwnerEnv = env()): Promise<void> {
  const login = readLogin(source);
  const key = readKey(source);
  if (!login && !key) return;
  const passwordHash = login ? await hashPassword(login.password) : '';
  await inTransaction(async (tx) => {
    await lockFirstRun(tx);
    const wantsUser = login !== null && (await tx.user.count()) === 0;
    if (!wantsUser && (await tx.workspace.count()) > 0) return;
    const workspace = await firstWorkspace(tx, '');
    const ownerId =
      login && wantsUser
        ? await createOwner(tx, workspace.id, { email: login.email, name: '', passwordHash })
        : null;
    // Only on an empty database: a key that was revoked must not come back with a restart.
    if (key && workspace.isNew) await createKey(tx, { workspaceId: workspace.id, key, ownerId });
    await auditBootstrap(tx, workspace.id);
  });
}

function readLogin(source: OwnerEnv): { readonly email: string; readonly password: string } | null {
  const { PATCHBAY_OWNER_EMAIL: email, PATCHBAY_OWNER_PASSWORD: password } = source;
  if (email === undefined && password === undefined) return null;
  if (email === undefined)
    throw new EnvironmentError(
      'PATCHBAY_OWNER_PASSWORD is set but PATCHBAY_OWNER_EMAIL is not. Set both, or neither.',
    );
  if (password === undefined)
    throw new EnvironmentError(
      'PATCHBAY_OWNER_EMAIL is set but PATCHBAY_OWNER_PASSWORD is not. Set both, or neither.',
    );
  const address = parseEmail(email);
  if (address === null)
    throw new EnvironmentError(
      'PATCHBAY_OWNER_EMAIL is not a plain e-mail address, such as ada@example.com.',
    );
  if (password.length < PASSWORD_LENGTH.min || password.length > PASSWORD_LENGTH.max) {
    throw new EnvironmentError(
      `PATCHBAY_OWNER_PASSWORD must have ${PASSWORD_LENGTH.min} to ${PASSWORD_LENGTH.max} characters.`,
    );
  }
  return { email: address, password };
}

function readKey(source: OwnerEnv): string | null {
  const key = source.PATCHBAY_OWNER_API_KEY?.trim();
  if (key === undefined) return null;
  if (key.length < MIN_KEY_LENGTH || key.length > MAX_KEY_LENGTH) {
    throw new EnvironmentError(
      `PATCHBAY_OWNER_API_KEY must have ${MIN_KEY_LENGTH} to ${MAX_KEY_LENGTH} characters, for example from: openssl rand -hex 32`,
    );
  }
  // Such a character cannot travel in a header.
  if (/[\u0000-\u001f\u007f]/.test(key))
    throw new EnvironmentError('PATCHBAY_OWNER_API_KEY must not contain control characters.');
  return key;
}

async function createKey(
  tx: Transaction,
  {
    workspaceId,
    key,
    ownerId,
  }: { readonly workspaceId: string; readonly key: string; readonly ownerId: string | null },
): Promise<void> {
  const data = {
    id: uuidv7(),
    workspaceId,
    name: 'Owner key (environment)',
    role: 'owner',
    prefix: key.slice(0, 4),
    createdById: ownerId,
  } as const;
  await tx.apiKey.create({ data: { ...data, keyHash: new Uint8Array(sha256(key)) } });
}

async function auditBootstrap(tx: Transaction, workspaceId: string): Promise<void> {
  const actor = { kind: 'system', name: 'environment', workspaceId, address: '' } as const;
  await recordAudit(tx, actor, { action: 'workspace.set_up', resource: `workspace:${workspaceId}` });
}
