'use client';

import { messageOf } from '#components/api/api-problem.ts';
import { useMe } from '#components/api/workspace.ts';
import { PageProblem } from '#components/shell/page-problem.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';

import { PasswordCard } from './password-card.tsx';
import { ProfileCard } from './profile-card.tsx';
import { SessionsCard } from './sessions-card.tsx';

/** Who you are here, your password, and where you are signed in. */
export function AccountPage() {
  const me = useMe();
  if (me.isPending) {
    return (
      <div
        role="status"
        aria-label="Loading your account"
        className="mx-auto flex w-full max-w-2xl flex-col gap-4 p-4 md:p-6"
      >
        <Skeleton className="h-52" />
        <Skeleton className="h-64" />
        <Skeleton className="h-40" />
      </div>
    );
  }
  if (me.data?.user === undefined || me.data.user === null) {
    return (
      <PageProblem
        title="Your account could not be loaded"
        message={messageOf(me.error ?? 'Sign in again.')}
        onRetry={() => void me.refetch()}
        isRetrying={me.isFetching}
      />
    );
  }
  return (
    <div className="mx-auto flex w-full max-w-2xl flex-col gap-4 p-4 md:p-6">
      <ProfileCard user={me.data.user} role={me.data.role} workspace={me.data.workspace.name} />
      <PasswordCard />
      <SessionsCard />
    </div>
  );
}
