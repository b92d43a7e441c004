'use client';

import { Cable, Plus } from 'lucide-react';
import { parseAsString, useQueryState } from 'nuqs';
import { useMemo, useState } from 'react';

import { messageOf } from '#components/api/api-problem.ts';
import { disconnectConnection, testConnection, useConnections } from '#components/api/connections.ts';
import { queryKeys } from '#components/api/query-keys.ts';
import { PageProblem } from '#components/shell/page-problem.tsx';
import { useRight } from '#components/shell/rights.tsx';
import { TableSkeleton } from '#components/shell/table-skeleton.tsx';
import { Button } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { lazyPart } from '#components/ui/lazy-part.tsx';
import { toast } from '#components/ui/toast.tsx';
import { useMutation, useQueryClient } from '@tanstack/react-query';

import type { Connection } from '#core/api/connections.ts';

import { ConnectionTable } from './connection-table.tsx';
import { AtRiskNote } from './at-risk-note.tsx';
import { ConsentNote } from './consent-note.tsx';
import { ConnectionsTabs } from './connections-tabs.tsx';
import { useConnectorLooks } from './connector-looks.tsx';
import { useConsent } from './use-consent.ts';

const CreateConnectionDialog = lazyPart(
  async () => (await import('./create-connection-dialog.tsx')).CreateConnectionDialog,
  ({ open }) => open,
);
const EditConnectionDialog = lazyPart(
  async () => (await import('./edit-connection-dialog.tsx')).EditConnectionDialog,
  ({ connection }) => connection !== null,
);
const DeleteConnectionDialog = lazyPart(
  async () => (await import('./delete-connection-dialog.tsx')).DeleteConnectionDialog,
  ({ connection }) => connection !== null,
);
const ConnectLinkDialog = lazyPart(
  async () => (await import('./connect-link-dialog.tsx')).ConnectLinkDialog,
  ({ connection }) => connection !== null,
);

/** The kind of connection that `?new` asks for may be empty: the first one. */
const FIRST_KIND = '';

/**
 * The accounts and secrets that flows work with. `?new=<connector>` opens with the form of a new one,
 * `?edit=<slug>` with that of a connection.
 */
export function ConnectionsPage() {
  const connections = useConnections();
  const [newKind, setNewKind] = useQueryState('new', parseAsString);
  const mayUse = useRight('connection:use');
  const create = () => void setNewKind(FIRST_KIND);
  const takenSlugs = useMemo(() => new Set(connections.data?.map(({ slug }) => slug)), [connections.data]);
  return (
    <>
      <ConnectionsTabs
        actions={
          mayUse && (
            <Button variant="primary" onClick={create} disabled={connections.isPending}>
              <Plus aria-hidden />
              New connection
            </Button>
          )
        }
      />
      <ConnectionsBody connections={connections} mayUse={mayUse} onCreate={create} />
      <CreateConnectionDialog
        open={newKind !== null && mayUse}
        onOpenChange={(open) => void setNewKind(open ? FIRST_KIND : null)}
        takenSlugs={takenSlugs}
        connectorId={newKind ?? FIRST_KIND}
      />
    </>
  );
}

interface BodyProps {
  connections: ReturnType<typeof useConnections>;
  mayUse: boolean;
  onCreate: () => void;
}

function ConnectionsBody({ connections, mayUse, onCreate }: BodyProps) {
  const lookOf = useConnectorLooks();
  const [editedSlug, setEditedSlug] = useQueryState('edit', parseAsString);
  const edited = connections.data?.find(({ slug, canManage }) => slug === editedSlug && canManage) ?? null;
  const [deleted, setDeleted] = useState<Connection | null>(null);
  const [invited, setInvited] = useState<Connection | null>(null);
  const [connecting, setConnecting] = useState<Connection | null>(null);
  const consent = useConsent((connection) => {
    setConnecting(null);
    toast.success(`“${connection.name}” is connected. Runs that waited for it go on.`);
  });
  const test = useTest();
  const disconnect = useDisconnecting();
  if (connections.isPending) return <TableSkeleton rows={4} label="Loading the connections" />;
  if (connections.data === undefined) {
    return (
      <PageProblem
        title="The connections could not be loaded"
        message={messageOf(connections.error)}
        onRetry={() => void connections.refetch()}
        isRetrying={connections.isFetching}
      />
    );
  }
  if (connections.data.length === 0) return <NoConnections mayUse={mayUse} onCreate={onCreate} />;
  return (
    <>
      <AtRiskNote />
      {connecting !== null && (
        <div className="px-4 pt-4 md:px-6">
          <ConsentNote consent={consent} app={lookOf(connecting.connector)?.label ?? connecting.name} />
        </div>
      )}
      <ConnectionTable
        connections={connections.data}
        onEdit={({ slug }) => void setEditedSlug(slug)}
        onDelete={setDeleted}
        onInvite={setInvited}
        onConnect={(connection) => {
          setConnecting(connection);
          consent.begin(connection.slug);
        }}
        onTest={(connection) => test(connection)}
        onDisconnect={(connection) => disconnect(connection)}
      />
      <EditConnectionDialog connection={edited} onClose={() => void setEditedSlug(null)} />
      <DeleteConnectionDialog connection={deleted} onClose={() => setDeleted(null)} />
      <ConnectLinkDialog connection={invited} onClose={() => setInvited(null)} />
    </>
  );
}

/** Tests a connection and says how it went. */
function useTest(): (connection: Connection) => void {
  const test = useMutation({ mutationFn: ({ slug }: Connection) => testConnection(slug) });
  return (connection) => {
    toast.promise(test.mutateAsync(connection), {
      loading: `Testing “${connection.name}”…`,
      success: ({ ok, account, error }) =>
        ok
          ? `“${connection.name}” works${account === null ? '' : `: ${account}`}`
          : `“${connection.name}” does not work: ${error}`,
      error: messageOf,
    });
  };
}

/** Gives a connection's tokens back and says so. */
function useDisconnecting(): (connection: Connection) => void {
  const client = useQueryClient();
  const disconnect = useMutation({
    mutationFn: ({ slug }: Connection) => disconnectConnection(slug),
    onSuccess: () => client.invalidateQueries({ queryKey: queryKeys.connections }),
  });
  return (connection) => {
    toast.promise(disconnect.mutateAsync(connection), {
      loading: `Disconnecting “${connection.name}”…`,
      success: `“${connection.name}” is disconnected. Runs that need it wait.`,
      error: messageOf,
    });
  };
}

function NoConnections({ mayUse, onCreate }: { mayUse: boolean; onCreate: () => void }) {
  return (
    <div className="flex flex-1 items-center justify-center">
      <EmptyState
        icon={<Cable aria-hidden />}
        title="No connections yet"
        description={
          mayUse
            ? 'A connection holds an account of an app, or a key: the secret that a webhook is signed with, or the token for an API. Flows name it and never see inside.'
            : 'A connection holds credentials for flows. Somebody with the role admin can create one.'
        }
      >
        {mayUse && (
          <Button variant="primary" onClick={onCreate}>
            New connection
          </Button>
        )}
      </EmptyState>
    </div>
  );
}
