import { randomBytes, randomUUID } from 'node:crypto';

import type { Flow } from '#prisma/generated/client.ts';
import { sha256 } from '#server/auth/sha256.ts';
import type { Transaction } from '#server/db/transaction.ts';

/** The token of the flow's hook, made when it is first needed: 192 random bits that no later version changes. */
export async function ensureHook(tx: Transaction, flow: Flow): Promise<string> {
  const existing = await tx.hook.findUnique({ where: { flowId: flow.id } });
  if (existing) return existing.token;
  const token = randomBytes(24).toString('base64url');
  await tx.hook.create({
    data: {
      id: randomUUID(),
      workspaceId: flow.workspaceId,
      flowId: flow.id,
      token,
      tokenHash: new Uint8Array(sha256(token)),
    },
  });
  return token;
}
