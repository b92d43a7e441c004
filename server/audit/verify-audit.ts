import type pg from 'pg';

import type { AuditCheck } from '#core/api/audit.ts';
import { pool } from '#server/db/pool.ts';
import {
  checkEntries,
  findUnchained,
  selectChain,
  type ChainEnd,
  type CheckedEntry,
} from '#server/sql/audit-rows.ts';

const PART = 5_000;

/**
 * Looks at every audit entry of a workspace: whether each has the hash that its content and the one before it make, none is
 * missing, and the last one is the one that was entered last. What comes in meanwhile is left to the next check.
 *
 * @param anchor a place and the hash that it had at an earlier check: against somebody who made all hashes anew.
 */
export async function verifyAudit(
  workspaceId: string,
  { anchor, from = pool() }: { readonly anchor?: ChainEnd | undefined; readonly from?: pg.Pool } = {},
): Promise<AuditCheck> {
  const chain = await selectChain(from, workspaceId);
  const unchained = await findUnchained(from, workspaceId);
  let last: ChainEnd = chain?.after ?? { position: '0', hash: '' };
  const start = last.position;
  const report = (fault: AuditCheck['fault']): AuditCheck => {
    const entries = Number(BigInt(last.position) - BigInt(start));
    return {
      isIntact: fault === null,
      entries,
      first: entries === 0 ? null : next(start),
      last: entries === 0 ? null : last.position,
      hash: entries === 0 ? null : last.hash,
      fault,
    };
  };
  while (chain && BigInt(last.position) < BigInt(chain.end.position)) {
    const part = { workspaceId, after: last, to: chain.end.position, limit: PART };
    const rows = await checkEntries(from, part);
    if (rows.length === 0) return report(missing(next(last.position), chain.end.position));
    for (const row of rows) {
      const fault = faultOf(row, last) ?? anchorFault(row, anchor);
      if (fault) return report(fault);
      last = row;
    }
  }
  if (unchained !== null)
    return report({
      position: null,
      entryId: unchained,
      message: `Entry ${unchained} was put there past the chain.`,
    });
  if (chain && chain.end.hash !== last.hash && last.hash !== '')
    return report({
      position: last.position,
      entryId: null,
      message: `Entry ${last.position} is not the one that was entered last.`,
    });
  if (anchor && BigInt(anchor.position) > BigInt(last.position))
    return report(missing(anchor.position, anchor.position));
  return report(null);
}

function faultOf(row: CheckedEntry, before: ChainEnd): AuditCheck['fault'] {
  const expected = next(before.position);
  if (row.position !== expected) return missing(expected, String(BigInt(row.position) - 1n));
  if (row.isRight) return null;
  const message = `Entry ${row.position} was changed: its content and its hash do not fit.`;
  return { position: row.position, entryId: row.id, message };
}

function anchorFault(row: CheckedEntry, anchor: ChainEnd | undefined): AuditCheck['fault'] {
  if (row.position !== anchor?.position || row.hash === anchor.hash) return null;
  const message = `Entry ${row.position} is not the one of the anchor: it, or an entry before it, was changed and the hashes made anew.`;
  return { position: row.position, entryId: row.id, message };
}

function missing(first: string, last: string): AuditCheck['fault'] {
  const which = first === last ? `Entry ${first} is` : `Entries ${first} to ${last} are`;
  return { position: first, entryId: null, message: `${which} missing.` };
}

function next(position: string): string {
  return String(BigInt(position) + 1n);
}
