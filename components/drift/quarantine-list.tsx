'use client';

import { Archive, Play } from 'lucide-react';
import { useState } from 'react';

import { messageOf } from '#components/api/api-problem.ts';
import { useDiscardQuarantined, useQuarantine, useReplayQuarantined } from '#components/api/drift.ts';
import { DiscardDialog } from '#components/recovery/discard-dialog.tsx';
import { LoadMore } from '#components/shell/load-more.tsx';
import { PageProblem } from '#components/shell/page-problem.tsx';
import { useRight } from '#components/shell/rights.tsx';
import { TableSkeleton } from '#components/shell/table-skeleton.tsx';
import { Button } from '#components/ui/button.tsx';
import { Card, CardHeader } from '#components/ui/card.tsx';
import { toast } from '#components/ui/toast.tsx';

import { QuarantinedRow } from './quarantined-row.tsx';
import { ReleaseDialog } from './release-dialog.tsx';

/** At most so many at once; more are a bulk action. */
const MOST = 200;

/** Events that were stored without a run, to be replayed or put aside. */
export function QuarantineList({ flow }: { flow: string | null }) {
  const events = useQuarantine(flow);
  const replay = useReplayQuarantined();
  const discard = useDiscardQuarantined();
  const mayAct = useRight('run:replay');
  const [isReleasing, setReleasing] = useState(false);
  const [toDiscard, setToDiscard] = useState<readonly string[] | null>(null);
  if (events.isPending) return <TableSkeleton rows={3} label="Loading the quarantine" />;
  if (events.data === undefined) {
    return (
      <PageProblem
        title="The quarantine could not be loaded"
        message={messageOf(events.error)}
        onRetry={() => void events.refetch()}
        isRetrying={events.isFetching}
      />
    );
  }
  const all = events.data.pages.flatMap(({ data }) => data);
  const ids = all.slice(0, MOST).map(({ id }) => id);
  const run = (eventIds: readonly string[]) =>
    replay.mutate(eventIds, {
      onSuccess: ({ runs, skipped }) => toast.success(replayedWords(runs.length, skipped.length)),
      onError: (error) => toast.error(messageOf(error)),
    });
  const putAside = (reason: string) =>
    discard.mutate({ eventIds: toDiscard ?? [], reason }, { onSuccess: () => setToDiscard(null) });
  return (
    <Card aria-label="Quarantine">
      <CardHeader
        title="Quarantine"
        description={
          all.length === 0
            ? 'Nothing is held back. A trigger puts events here that are not as usual, if it is set up so.'
            : 'Stored without a run. Replay them once the flow can deal with them; each gets one run.'
        }
        actions={
          mayAct &&
          all.length > 1 && (
            <>
              <Button onClick={() => setToDiscard(ids)}>
                <Archive aria-hidden />
                Discard {ids.length}…
              </Button>
              {events.hasNextPage || all.length > MOST ? (
                <Button onClick={() => setReleasing(true)}>
                  <Play aria-hidden />
                  Replay all…
                </Button>
              ) : (
                <Button onClick={() => run(ids)} loading={replay.isPending}>
                  <Play aria-hidden />
                  Replay {ids.length}
                </Button>
              )}
            </>
          )
        }
      />
      {all.length > 0 && (
        <ul className="divide-y divide-border border-t border-border">
          {all.map((event) => (
            <QuarantinedRow
              key={event.id}
              event={event}
              showsFlow={flow === null}
              mayAct={mayAct}
              isBusy={replay.isPending}
              onReplay={() => run([event.id])}
              onDiscard={() => setToDiscard([event.id])}
            />
          ))}
        </ul>
      )}
      {events.hasNextPage && (
        <LoadMore
          hasMore
          isLoading={events.isFetchingNextPage}
          isFailed={events.isFetchNextPageError}
          endLabel=""
          onLoad={() => void events.fetchNextPage()}
        />
      )}
      <ReleaseDialog isOpen={isReleasing} flow={flow} onClose={() => setReleasing(false)} />
      <DiscardDialog
        isOpen={toDiscard !== null}
        title={toDiscard?.length === 1 ? 'Discard this event?' : `Discard ${toDiscard?.length ?? 0} events?`}
        description="They stay stored, and get no run."
        isPending={discard.isPending}
        problem={discard.error && messageOf(discard.error)}
        onDiscard={putAside}
        onClose={() => setToDiscard(null)}
      />
    </Card>
  );
}

function replayedWords(runs: number, skipped: number): string {
  const began = runs === 1 ? '1 run began.' : `${runs.toLocaleString('en')} runs began.`;
  return skipped === 0 ? began : `${began} ${skipped.toLocaleString('en')} could not run.`;
}
