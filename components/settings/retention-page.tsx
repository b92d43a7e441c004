'use client';

import { messageOf } from '#components/api/api-problem.ts';
import { useRetention } from '#components/api/retention.ts';
import { PageProblem } from '#components/shell/page-problem.tsx';
import { TableSkeleton } from '#components/shell/table-skeleton.tsx';
import { Card, CardHeader } from '#components/ui/card.tsx';

import { RetentionForm } from './retention-form.tsx';

/** How long the workspace keeps what is over. */
export function RetentionPage() {
  const retention = useRetention();
  return (
    <div className="mx-auto w-full max-w-2xl p-4 md:p-6">
      <Card>
        <CardHeader
          title="Retention"
          description="How long this workspace keeps what is over. Runs that wait or are in doubt, open dead letters and runs that a test was made of always stay. So do flows and their published versions."
        />
        {retention.isPending ? (
          <TableSkeleton rows={3} label="Loading the retention" />
        ) : retention.data === undefined ? (
          <PageProblem
            title="The retention could not be loaded"
            message={messageOf(retention.error)}
            onRetry={() => void retention.refetch()}
            isRetrying={retention.isFetching}
          />
        ) : (
          <RetentionForm key={JSON.stringify(retention.data)} saved={retention.data} />
        )}
      </Card>
    </div>
  );
}
