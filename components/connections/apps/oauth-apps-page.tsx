'use client';

import { AppWindow } from 'lucide-react';
import { parseAsString, useQueryState } from 'nuqs';

import { messageOf } from '#components/api/api-problem.ts';
import { useOAuthApps } from '#components/api/connections.ts';
import { AppMark } from '#components/connections/app-picker.tsx';
import { ConnectionsTabs } from '#components/connections/connections-tabs.tsx';
import { PageProblem } from '#components/shell/page-problem.tsx';
import { TableSkeleton } from '#components/shell/table-skeleton.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { Button } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { lazyPart } from '#components/ui/lazy-part.tsx';
import type { OAuthApp } from '#core/api/connections.ts';

const OAuthAppDialog = lazyPart(
  async () => (await import('./oauth-app-dialog.tsx')).OAuthAppDialog,
  ({ app }) => app !== null,
);

const SOURCE = {
  workspace: { word: 'Registered', tone: 'success' },
  environment: { word: 'From the environment', tone: 'info' },
  sandbox: { word: 'Comes with Patchbay', tone: 'info' },
  none: { word: 'Not registered', tone: 'neutral' },
} as const;

/** The clients by which members connect accounts: which apps know this Patchbay. `?app=<connector>` opens one. */
export function OAuthAppsPage() {
  const apps = useOAuthApps();
  const [open, setOpen] = useQueryState('app', parseAsString);
  return (
    <>
      <ConnectionsTabs />
      {apps.isPending ? (
        <TableSkeleton rows={6} label="Loading the OAuth apps" />
      ) : apps.data === undefined ? (
        <PageProblem
          title="The OAuth apps could not be loaded"
          message={messageOf(apps.error)}
          onRetry={() => void apps.refetch()}
          isRetrying={apps.isFetching}
        />
      ) : (
        <Apps apps={apps.data} onOpen={(connector) => void setOpen(connector)} />
      )}
      <OAuthAppDialog
        app={apps.data?.find(({ connector }) => connector === open) ?? null}
        onClose={() => void setOpen(null)}
      />
    </>
  );
}

function Apps({ apps, onOpen }: { apps: readonly OAuthApp[]; onOpen: (connector: string) => void }) {
  if (apps.length === 0)
    return <EmptyState icon={<AppWindow aria-hidden />} title="No app here has a consent screen" />;
  return (
    <div className="flex flex-col gap-4 p-4 md:p-6">
      <p className="max-w-2xl text-sm text-muted-foreground">
        To send people to an app’s consent screen, Patchbay must be registered there once. What you get is a
        client id and a secret; with them, every member can connect accounts.
      </p>
      <ul className="grid grid-cols-1 gap-3 lg:grid-cols-2 2xl:grid-cols-3">
        {apps.map((app) => (
          <li
            key={app.connector}
            className="flex items-center gap-3 rounded-lg border border-border bg-surface px-4 py-3"
          >
            <AppMark id={app.connector} className="size-6" />
            <div className="min-w-0 flex-1">
              <h2 className="truncate text-sm font-medium">{app.label}</h2>
              <p
                className="truncate font-mono text-xs text-subtle-foreground"
                title={app.clientId ?? undefined}
              >
                {app.clientId ?? 'No client id'}
              </p>
            </div>
            <Badge tone={SOURCE[app.source].tone} className="max-sm:hidden">
              {SOURCE[app.source].word}
            </Badge>
            {app.source !== 'sandbox' && (
              <Button size="sm" onClick={() => onOpen(app.connector)} aria-label={`Set up ${app.label}`}>
                {app.source === 'none' ? 'Set up' : 'Change'}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}
