'use client';

import { Radio } from 'lucide-react';
import { parseAsString, useQueryState } from 'nuqs';

import { messageOf } from '#components/api/api-problem.ts';
import { useAppHooks } from '#components/api/app-hooks.ts';
import { useOAuthApps } from '#components/api/connections.ts';
import { AppMark } from '#components/connections/app-picker.tsx';
import { ConnectionsTabs } from '#components/connections/connections-tabs.tsx';
import { PageProblem } from '#components/shell/page-problem.tsx';
import { TableSkeleton } from '#components/shell/table-skeleton.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { Button } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { lazyPart } from '#components/ui/lazy-part.tsx';
import { Time } from '#components/ui/time.tsx';
import type { AppHook } from '#core/api/app-hooks.ts';

import { appHookState } from './app-hook-state.ts';

const AppHookDialog = lazyPart(
  async () => (await import('./app-hook-dialog.tsx')).AppHookDialog,
  ({ hook }) => hook !== null,
);

/** Where apps send the events of all their accounts, and what has come. `?app=<connector>` opens one. */
export function AppEventsPage() {
  const hooks = useAppHooks();
  const apps = useOAuthApps();
  const [open, setOpen] = useQueryState('app', parseAsString);
  const hasClient = (connector: string) =>
    apps.data?.some((app) => app.connector === connector && app.source !== 'none') ?? true;
  const shown = hooks.data?.find(({ connector }) => connector === open) ?? null;
  return (
    <>
      <ConnectionsTabs />
      {hooks.isPending ? (
        <TableSkeleton rows={3} label="Loading the events of apps" />
      ) : hooks.data === undefined ? (
        <PageProblem
          title="The events of apps could not be loaded"
          message={messageOf(hooks.error)}
          onRetry={() => void hooks.refetch()}
          isRetrying={hooks.isFetching}
        />
      ) : (
        <AppHooks hooks={hooks.data} hasClient={hasClient} onOpen={(connector) => void setOpen(connector)} />
      )}
      <AppHookDialog
        hook={shown}
        hasClient={shown !== null && hasClient(shown.connector)}
        onClose={() => void setOpen(null)}
      />
    </>
  );
}

interface AppHooksProps {
  hooks: readonly AppHook[];
  hasClient: (connector: string) => boolean;
  onOpen: (connector: string) => void;
}

function AppHooks({ hooks, hasClient, onOpen }: AppHooksProps) {
  if (hooks.length === 0)
    return <EmptyState icon={<Radio aria-hidden />} title="No app here sends events to one address" />;
  return (
    <div className="flex flex-col gap-4 p-4 md:p-6">
      <p className="max-w-2xl text-sm leading-5 text-muted-foreground">
        These apps send the events of all their accounts to one address. Set it up once, and every flow that
        begins with such an event runs. All other apps are asked by themselves when a flow is published.
      </p>
      <ul className="grid grid-cols-1 gap-3 lg:grid-cols-2 2xl:grid-cols-3">
        {hooks.map((hook) => (
          <AppHookItem
            key={hook.connector}
            hook={hook}
            hasClient={hasClient(hook.connector)}
            onOpen={() => onOpen(hook.connector)}
          />
        ))}
      </ul>
    </div>
  );
}

function AppHookItem({ hook, hasClient, onOpen }: { hook: AppHook; hasClient: boolean; onOpen: () => void }) {
  const { word, tone, sentence } = appHookState(hook, hasClient);
  return (
    <li className="flex items-center gap-3 rounded-lg border border-border bg-surface px-4 py-3">
      <AppMark id={hook.connector} className="size-6" />
      <div className="min-w-0 flex-1">
        <div className="flex min-w-0 items-center gap-2">
          <h2 className="truncate text-sm font-medium">{hook.label}</h2>
          <Badge tone={tone}>{word}</Badge>
        </div>
        <p className="mt-0.5 text-xs leading-4 text-muted-foreground">
          {sentence}
          {tone === 'success' && hook.lastDeliveryAt !== null && (
            <>
              {' '}
              <Time at={hook.lastDeliveryAt} />
            </>
          )}
        </p>
      </div>
      <Button size="sm" onClick={onOpen} aria-label={`Set up the events of ${hook.label}`}>
        {hook.url === null ? 'Set up' : 'Change'}
      </Button>
    </li>
  );
}
