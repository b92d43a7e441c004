import { deadLetterQuery } from '#components/api/dead-letter-filter.ts';
import type { DeadLetterGroup } from '#core/api/dead-letters.ts';

/** The address of the dead letters of one group. */
export function groupHref(group: Pick<DeadLetterGroup, 'flow' | 'nodeId' | 'errorKind' | 'cause'>): string {
  const { flow, nodeId, errorKind, cause } = group;
  return `/dead-letters${deadLetterQuery({ flow, nodeId: nodeId ?? '', errorKind, cause }, 0)}`;
}
