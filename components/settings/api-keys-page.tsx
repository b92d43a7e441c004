'use client';

import { KeyRound, Plus } from 'lucide-react';
import { useState } from 'react';

import { messageOf } from '#components/api/api-problem.ts';
import { useApiKeys } from '#components/api/workspace.ts';
import { PageProblem } from '#components/shell/page-problem.tsx';
import { TableSkeleton } from '#components/shell/table-skeleton.tsx';
import { Button } from '#components/ui/button.tsx';
import { Card, CardHeader } from '#components/ui/card.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { lazyPart } from '#components/ui/lazy-part.tsx';
import type { ApiKey } from '#core/api/workspace.ts';

import { ApiKeyTable } from './api-key-table.tsx';

const CreateApiKeyDialog = lazyPart(
  async () => (await import('./create-api-key-dialog.tsx')).CreateApiKeyDialog,
  ({ open }) => open,
);
const RevokeApiKeyDialog = lazyPart(
  async () => (await import('./revoke-api-key-dialog.tsx')).RevokeApiKeyDialog,
  ({ apiKey }) => apiKey !== null,
);

/** The keys with which programs call the API. */
export function ApiKeysPage() {
  const keys = useApiKeys();
  const [isCreating, setCreating] = useState(false);
  const [revoked, setRevoked] = useState<ApiKey | null>(null);
  return (
    <div className="mx-auto w-full max-w-4xl p-4 md:p-6">
      <Card>
        <CardHeader
          title="API keys"
          description="For programs, the CLI and CI. A key acts with its own role in this workspace."
          actions={
            <Button variant="primary" onClick={() => setCreating(true)}>
              <Plus aria-hidden />
              New key
            </Button>
          }
        />
        <KeyList keys={keys} onRevoke={setRevoked} />
      </Card>
      <CreateApiKeyDialog open={isCreating} onOpenChange={setCreating} />
      <RevokeApiKeyDialog apiKey={revoked} onClose={() => setRevoked(null)} />
    </div>
  );
}

function KeyList({
  keys,
  onRevoke,
}: {
  keys: ReturnType<typeof useApiKeys>;
  onRevoke: (key: ApiKey) => void;
}) {
  if (keys.isPending) return <TableSkeleton rows={3} label="Loading the keys" />;
  if (keys.data === undefined) {
    return (
      <PageProblem
        title="The keys could not be loaded"
        message={messageOf(keys.error)}
        onRetry={() => void keys.refetch()}
        isRetrying={keys.isFetching}
      />
    );
  }
  if (keys.data.length === 0) {
    return (
      <EmptyState
        className="border-t border-border py-12"
        icon={<KeyRound aria-hidden />}
        title="No keys yet"
        description="With a key, a program can do over the API what you do here."
      />
    );
  }
  return <ApiKeyTable keys={keys.data} onRevoke={onRevoke} />;
}
