import type pg from 'pg';

import type { Ledger, LedgerFault, LedgerLine } from '#core/api/ledger.ts';
import { runStatusSchema, type RunStatus } from '#core/api/runs.ts';
import { inClientTransaction } from '#server/db/client-transaction.ts';
import { coalesce } from '#server/ingress/coalesce.ts';
import { findFaults } from '#server/sql/ledger-faults.ts';
import { selectLedger, type LedgerRow } from '#server/sql/select-ledger.ts';

/** The code of the fault that says that flows do not add up. */
export const DRIFT = 'drift';

/**
 * What a workspace accepted, held against what it has, flow by flow, and what is wrong with the rows; all out of one snapshot,
 * so that it adds up under load. However many ask, one ledger is read at a time; never one from before the question.
 */
export async function readLedger(workspaceId: string): Promise<Ledger> {
  const ledger = await reading(workspaceId);
  if (!ledger) throw new Error('A ledger that was asked for was not read.');
  return ledger;
}

const reading = coalesce<Ledger>(async (workspaceIds) => {
  const ledgers = new Map<string, Ledger>();
  for (const id of workspaceIds) ledgers.set(id, await inClientTransaction((client) => read(client, id)));
  return ledgers;
});

async function read(client: pg.ClientBase, workspaceId: string): Promise<Ledger> {
  // Compiling a query takes longer than these run.
  await client.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL jit = off');
  const { rows } = await client.query<{ at: Date }>('SELECT now() AS at');
  const flows = (await selectLedger(client, workspaceId)).map(toLine);
  const faults = [...driftOf(flows), ...(await findFaults(client, workspaceId))];
  return { at: rows[0]!.at.toISOString(), workspace: sumOf(flows), flows, faults };
}

/** By flow: in their sum, what one lacks may be what another has too much. */
function driftOf(flows: readonly LedgerLine[]): LedgerFault[] {
  const drifting = flows.filter(({ drift }) => drift !== 0).map(({ flowName }) => flowName);
  if (drifting.length === 0) return [];
  const message = `What was accepted is not what is there: ${drifting.slice(0, 10).join(', ')}${drifting.length > 10 ? ' and others' : ''}.`;
  return [{ code: DRIFT, message, count: drifting.length, runIds: [] }];
}

function toLine(row: LedgerRow): LedgerLine {
  const { slug, accepted, quarantined, deduplicated, removed } = row;
  const runs = perStatus((status) => row.runs[status] ?? 0);
  return {
    flow: slug,
    flowName: row.name ?? (slug || 'Deleted flows'),
    ...balanced({ accepted, runs, removed, quarantined, deduplicated }),
  };
}

function sumOf(lines: readonly LedgerLine[]): LedgerLine {
  const sum = (of: (line: LedgerLine) => number) => lines.reduce((total, line) => total + of(line), 0);
  return {
    flow: null,
    flowName: 'All flows',
    ...balanced({
      accepted: sum((line) => line.accepted),
      runs: perStatus((status) => sum((line) => line.runs[status])),
      removed: sum((line) => line.removed),
      quarantined: sum((line) => line.quarantined),
      deduplicated: sum((line) => line.deduplicated),
    }),
  };
}

type Counts = Omit<LedgerLine, 'flow' | 'flowName' | 'drift'>;

function balanced(counts: Counts): Counts & Pick<LedgerLine, 'drift'> {
  const runs = Object.values(counts.runs).reduce((total, count) => total + count, 0);
  const { accepted, removed, quarantined, deduplicated } = counts;
  return { ...counts, drift: accepted - runs - removed - quarantined - deduplicated };
}

function perStatus(count: (status: RunStatus) => number): Record<RunStatus, number> {
  const entries = runStatusSchema.options.map((status) => [status, count(status)] as const);
  return Object.fromEntries(entries) as Record<RunStatus, number>;
}
