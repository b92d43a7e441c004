'use client';

import { MonitorSmartphone } from 'lucide-react';

import { messageOf } from '#components/api/api-problem.ts';
import { useRevokeSession, useSessions } from '#components/api/workspace.ts';
import { PageProblem } from '#components/shell/page-problem.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { Button } from '#components/ui/button.tsx';
import { Card, CardHeader } from '#components/ui/card.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { Time } from '#components/ui/time.tsx';
import { toast } from '#components/ui/toast.tsx';
import type { Session } from '#core/api/workspace.ts';

import { describeBrowser } from './describe-browser.ts';

/** The browsers that are signed in, each with a way to sign it out. */
export function SessionsCard() {
  const sessions = useSessions();
  return (
    <Card>
      <CardHeader
        title="Where you are signed in"
        description="Sign out what you do not know, then change the password."
      />
      {sessions.isPending && <Skeleton className="mx-4 mb-4 h-24" />}
      {sessions.data === undefined && !sessions.isPending && (
        <PageProblem
          title="The list could not be loaded"
          message={messageOf(sessions.error)}
          onRetry={() => void sessions.refetch()}
          isRetrying={sessions.isFetching}
        />
      )}
      {sessions.data !== undefined && (
        <ul className="divide-y divide-border border-t border-border">
          {sessions.data.map((session) => (
            <SessionLine key={session.id} session={session} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function SessionLine({ session }: { session: Session }) {
  const revoke = useRevokeSession();
  const browser = describeBrowser(session.userAgent);
  const signOut = () =>
    revoke.mutate(session.id, {
      onSuccess: () => toast.success(`Signed out: ${browser}`),
      onError: (error) => toast.error(messageOf(error)),
    });
  return (
    <li className="flex items-center gap-3 px-4 py-3">
      <MonitorSmartphone aria-hidden className="size-4 shrink-0 text-subtle-foreground" />
      <div className="min-w-0 flex-1">
        <p className="flex items-center gap-2 text-sm font-medium">
          <span className="truncate" title={session.userAgent}>
            {browser}
          </span>
          {session.current && <Badge tone="success">This browser</Badge>}
        </p>
        <p className="truncate text-xs text-muted-foreground">
          {session.address} · seen <Time at={session.lastSeenAt} /> · since <Time at={session.createdAt} />
        </p>
      </div>
      {!session.current && (
        <Button size="sm" loading={revoke.isPending} aria-label={`Sign out ${browser}`} onClick={signOut}>
          Sign out
        </Button>
      )}
    </li>
  );
}
