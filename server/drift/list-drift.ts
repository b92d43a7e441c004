import type { DriftChange } from '#core/api/drift.ts';
import { brokenUses } from '#core/drift/broken-uses.ts';
import { describeDeparture } from '#core/drift/describe-departure.ts';
import { pool } from '#server/db/pool.ts';
import { storedDocument } from '#server/flows/stored-document.ts';
import { selectDrifts, type DriftRow } from '#server/sql/drift-rows.ts';

/** What flows get otherwise than it was learned, with the settings that it breaks. */
export async function listDrift(workspaceId: string, flow: string | undefined): Promise<DriftChange[]> {
  return (await selectDrifts(pool(), { workspaceId, flow })).map(toChange);
}

function toChange({ document, place, ...row }: DriftRow): DriftChange {
  const flow = storedDocument(document);
  const node = flow.nodes.find(({ id }) => id === place);
  return {
    id: row.id,
    flow: row.flow,
    flowName: row.flowName,
    version: row.version,
    nodeId: place === '' ? null : place,
    nodeLabel: place === '' ? 'Trigger' : (node?.label ?? place),
    kind: row.kind,
    path: [...row.path],
    expected: [...row.expected],
    found: [...row.found],
    renamedTo: row.renamedTo ?? null,
    message: describeDeparture(row),
    firstSeenAt: row.firstSeenAt.toISOString(),
    lastSeenAt: row.lastSeenAt.toISOString(),
    seen: row.seen,
    breaks:
      row.kind === 'added'
        ? []
        : [...brokenUses(flow, { place: place === '' ? 'trigger' : { step: place }, path: row.path })],
  };
}
