import type { Transaction } from '#server/db/transaction.ts';

/** Has what an app should send for a connection held against what it sends, at once: with a consent that ends, many apps end its webhooks. */
export async function checkSubscriptions(
  tx: Transaction,
  { workspaceId, slug }: { readonly workspaceId: string; readonly slug: string },
): Promise<void> {
  await tx.$executeRaw`
    UPDATE subscription SET checked_at = NULL, due_at = now()
    WHERE workspace_id = ${workspaceId}::uuid AND connection = ${slug} AND is_wanted AND remote_id IS NOT NULL`;
}
