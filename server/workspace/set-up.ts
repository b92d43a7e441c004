import type { z } from 'zod';

import type { setUpSchema } from '#core/api/workspace.ts';
import { recordAudit } from '#server/audit/record-audit.ts';
import { parseEmail } from '#server/auth/parse-email.ts';
import { hashPassword } from '#server/auth/password.ts';
import { prisma } from '#server/db/prisma.ts';
import { inTransaction } from '#server/db/transaction.ts';
import { ProblemError } from '#server/problem.ts';
import { createOwner, firstWorkspace, lockFirstRun } from '#server/workspace/create-owner.ts';

/** True while nobody can sign in, because there is no user at all. */
export async function needsSetUp(): Promise<boolean> {
  return (await prisma().user.findFirst({ select: { id: true } })) === null;
}

/**
 * Creates the first user as owner of the workspace. Throws a problem: 400 for a wrong e-mail, 409 when there is a user
 * already, also when two people press the button at once. The caller checks that the request comes from this machine.
 */
export async function setUp(input: z.output<typeof setUpSchema>, address: string): Promise<void> {
  const email = parseEmail(input.email);
  if (email === null) throw wrongEmail();
  if (!(await needsSetUp())) throw alreadySetUp();
  const passwordHash = await hashPassword(input.password);
  await inTransaction(async (tx) => {
    await lockFirstRun(tx);
    if ((await tx.user.count()) > 0) throw alreadySetUp();
    const workspace = await firstWorkspace(tx, input.workspace);
    const userId = await createOwner(tx, workspace.id, { email, name: input.name, passwordHash });
    const actor = { kind: 'system', name: email, workspaceId: workspace.id, address } as const;
    await recordAudit(tx, actor, { action: 'workspace.set_up', resource: `user:${userId}` });
  });
}

function wrongEmail(): ProblemError {
  return new ProblemError({
    status: 400,
    code: 'invalid_request',
    title: 'The request is not valid',
    detail:
      'The e-mail address is not one that Patchbay can read. Write it plainly, such as ada@example.com.',
    errors: [{ pointer: '/email', message: 'Write a plain e-mail address, such as ada@example.com.' }],
  });
}

function alreadySetUp(): ProblemError {
  return new ProblemError({
    status: 409,
    code: 'already_set_up',
    title: 'Already set up',
    detail: 'This Patchbay has an owner already. Sign in instead.',
  });
}
