import { decide, type Decided, type Verdict } from '#server/approvals/decide.ts';
import { sha256 } from '#server/auth/sha256.ts';
import { pool } from '#server/db/pool.ts';
import { findLink, markLinkUsed } from '#server/sql/approvals.ts';

/** Decides by the token of a mailed link, in the name of the address that it was sent to. `unknown` for a token of no link. */
export async function decideByLink(
  token: string,
  verdict: Verdict,
  caller: { readonly address: string },
): Promise<Decided> {
  const link = await findLink(pool(), sha256(token));
  if (!link) return { kind: 'unknown' };
  const { email, workspaceId, linkId } = link;
  return decide(link.approvalId, verdict, {
    actor: { kind: 'link', id: email, name: email, workspaceId, address: caller.address },
    onDecided: (client) => markLinkUsed(client, linkId),
  });
}
