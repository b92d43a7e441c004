import { catalog } from '#connectors/definitions.ts';
import type { DeadLetterGroup, DeadLetterGroups, DeadLetterGroupsQuery } from '#core/api/dead-letters.ts';
import { fromStoredJson } from '#server/journal/stored-json.ts';
import {
  BUCKETS,
  selectDeadLetterGroups,
  type DeadLetterGroupRow,
} from '#server/sql/select-dead-letter-groups.ts';

const DAY_MS = 86_400_000;

/** The open dead letters of a workspace by flow, node and cause, the largest group first (500 at most). */
export async function groupDeadLetters(
  workspaceId: string,
  filter: DeadLetterGroupsQuery,
): Promise<DeadLetterGroups> {
  const rows = await selectDeadLetterGroups({ workspaceId, filter });
  const to = rows[0]?.to ?? new Date(filter.to ?? Date.now());
  const from = rows[0]?.from ?? new Date(filter.from ?? to.getTime() - DAY_MS);
  return {
    data: rows.map(toGroup),
    total: rows[0]?.total ?? 0,
    from: from.toISOString(),
    to: to.toISOString(),
  };
}

function toGroup(row: DeadLetterGroupRow): DeadLetterGroup {
  const { node, message, buckets, from, to, total: _, ...group } = row;
  const partMs = (to.getTime() - from.getTime()) / BUCKETS;
  return {
    ...group,
    nodeLabel: node?.label || (node && catalog(node.type, node.version)?.label) || (group.nodeId ?? ''),
    firstAt: group.firstAt.toISOString(),
    lastAt: group.lastAt.toISOString(),
    message: fromStoredJson(message ?? '') as string,
    buckets: Array.from({ length: BUCKETS }, (_part, index) => ({
      at: new Date(from.getTime() + index * partMs).toISOString(),
      count: buckets[index + 1] ?? 0,
    })),
  };
}
