'use client';

import { Cable, Plus } from 'lucide-react';
import { parseAsString, useQueryState } from 'nuqs';
import { useMemo, useState } from 'react';

import { messageOf } from '#components/api/api-problem.ts';
import { useConnections } from '#components/api/connections.ts';
import { PageHeader } from '#components/shell/page-header.tsx';
import { PageProblem } from '#components/shell/page-problem.tsx';
import { useRight } from '#components/shell/rights.tsx';
import { TableSkeleton } from '#components/shell/table-skeleton.tsx';
import { Button } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import type { Connection } from '#core/api/workspace.ts';

import { ConnectionTable } from './connection-table.tsx';
import { CreateConnectionDialog } from './create-connection-dialog.tsx';
import { DeleteConnectionDialog } from './delete-connection-dialog.tsx';
import { EditConnectionDialog } from './edit-connection-dialog.tsx';

/** The kind of connection that `?new` asks for may be empty: the first one. */
const FIRST_KIND = '';

/** The accounts and secrets that flows work with. `?new=<connector>` opens with the form of a new one. */
export function ConnectionsPage() {
  const connections = useConnections();
  const [newKind, setNewKind] = useQueryState('new', parseAsString);
  const mayManage = useRight('connection:manage');
  const create = () => void setNewKind(FIRST_KIND);
  const takenSlugs = useMemo(() => new Set(connections.data?.map(({ slug }) => slug)), [connections.data]);
  return (
    <>
      <PageHeader
        title="Connections"
        actions={
          mayManage && (
            <Button variant="primary" onClick={create} disabled={connections.isPending}>
              <Plus aria-hidden />
              New connection
            </Button>
          )
        }
      />
      <ConnectionsBody connections={connections} mayManage={mayManage} onCreate={create} />
      <CreateConnectionDialog
        open={newKind !== null && mayManage}
        onOpenChange={(open) => void setNewKind(open ? FIRST_KIND : null)}
        takenSlugs={takenSlugs}
        connectorId={newKind ?? FIRST_KIND}
      />
    </>
  );
}

interface BodyProps {
  connections: ReturnType<typeof useConnections>;
  mayManage: boolean;
  onCreate: () => void;
}

function ConnectionsBody({ connections, mayManage, onCreate }: BodyProps) {
  const [edited, setEdited] = useState<Connection | null>(null);
  const [deleted, setDeleted] = useState<Connection | null>(null);
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
  if (connections.data.length === 0) return <NoConnections mayManage={mayManage} onCreate={onCreate} />;
  return (
    <>
      <ConnectionTable connections={connections.data} onEdit={setEdited} onDelete={setDeleted} />
      <EditConnectionDialog connection={edited} onClose={() => setEdited(null)} />
      <DeleteConnectionDialog connection={deleted} onClose={() => setDeleted(null)} />
    </>
  );
}

function NoConnections({ mayManage, onCreate }: { mayManage: boolean; onCreate: () => void }) {
  return (
    <div className="flex flex-1 items-center justify-center">
      <EmptyState
        icon={<Cable aria-hidden />}
        title="No connections yet"
        description={
          mayManage
            ? 'A connection holds credentials: the secret that a webhook is signed with, or the token for an API. Flows name it and never see inside.'
            : 'A connection holds credentials for flows. Somebody with the role admin can create one.'
        }
      >
        {mayManage && (
          <Button variant="primary" onClick={onCreate}>
            New connection
          </Button>
        )}
      </EmptyState>
    </div>
  );
}
