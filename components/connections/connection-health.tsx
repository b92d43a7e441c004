import { CircleCheck, CircleDashed, Unplug } from 'lucide-react';

import { Badge, type BadgeTone } from '#components/ui/badge.tsx';
import { Tooltip } from '#components/ui/tooltip.tsx';
import { formatClock } from '#components/ui/format-time.ts';
import type { Connection } from '#core/api/connections.ts';

const LOOK = {
  ok: { word: 'Works', tone: 'success', icon: CircleCheck },
  pending: { word: 'Not connected', tone: 'neutral', icon: CircleDashed },
  reconnect: { word: 'Reconnect', tone: 'danger', icon: Unplug },
} as const satisfies Record<Connection['status'], { word: string; tone: BadgeTone; icon: unknown }>;

/** Whether the connection works, in a word; why not, or how long its token lives, on hover. */
export function ConnectionHealth({ connection }: { connection: Connection }) {
  const { word, tone, icon: Icon } = LOOK[connection.status];
  return (
    <Tooltip label={detailOf(connection)}>
      <Badge tone={tone} tabIndex={0} className="focus-ring" data-connection-status={connection.status}>
        <Icon aria-hidden />
        {word}
      </Badge>
    </Tooltip>
  );
}

function detailOf({ status, fault, expiresAt, refreshDueAt, refreshedAt }: Connection): string {
  if (status === 'pending') return 'Nobody has granted access yet. Runs that need it wait.';
  if (status === 'reconnect')
    return `${fault?.message ?? 'It was refused.'} Runs that need it wait until it is connected again.`;
  if (fault !== null) return fault.message;
  const now = Date.now();
  const renewed = refreshedAt === null ? '' : ` Last renewed ${formatClock(Date.parse(refreshedAt), now)}.`;
  if (refreshDueAt !== null)
    return `It is renewed by itself, next ${formatClock(Date.parse(refreshDueAt), now)}.${renewed}`;
  if (expiresAt !== null) return `It ends ${formatClock(Date.parse(expiresAt), now)} and cannot be renewed.`;
  return 'It does not end by itself.';
}
