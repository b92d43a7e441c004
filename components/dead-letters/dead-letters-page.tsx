'use client';

import { ChevronRight, ListChecks } from 'lucide-react';
import Link from 'next/link';
import { useRef, useState } from 'react';

import { useLiveDeadLetters } from '#components/api/dead-letters.ts';
import { LiveDot } from '#components/runs/live-dot.tsx';
import { PageHeader } from '#components/shell/page-header.tsx';
import { moveRowFocus } from '#components/shell/row-links.ts';
import { useHotkeys } from '#components/shell/use-hotkeys.ts';
import { Button } from '#components/ui/button.tsx';
import { lazyPart } from '#components/ui/lazy-part.tsx';
import { Tab, Tabs, TabsList } from '#components/ui/tabs.tsx';
import type { DeadLetterFilter } from '#core/api/dead-letters.ts';

import { CauseGroups } from './cause-groups.tsx';
import { causeInWords } from './cause-words.ts';
import type { DeadLetterActions } from './dead-letter-actions.ts';
import { DeadLetterFilterBar } from './dead-letter-filter-bar.tsx';
import { DeadLetterList } from './dead-letter-list.tsx';
import { useDeadLetterView, type DeadLetterViewState } from './use-dead-letter-view.ts';

const RedriveDialog = lazyPart(
  async () => (await import('./redrive-dialog.tsx')).RedriveDialog,
  ({ filter }) => filter !== null,
);
const BulkDiscardDialog = lazyPart(
  async () => (await import('./bulk-discard-dialog.tsx')).BulkDiscardDialog,
  ({ filter }) => filter !== null,
);

/** Runs that failed and wait for a person: by cause, or one by one. Live. */
export function DeadLettersPage() {
  const state = useDeadLetterView();
  const live = useLiveDeadLetters();
  const searchInput = useRef<HTMLInputElement>(null);
  const [toRedrive, setToRedrive] = useState<DeadLetterFilter | null>(null);
  const [toDiscard, setToDiscard] = useState<DeadLetterFilter | null>(null);
  useHotkeys({
    '/': () => searchInput.current?.focus(),
    j: () => moveRowFocus(1),
    k: () => moveRowFocus(-1),
  });
  const actions: DeadLetterActions = { redrive: setToRedrive, discard: setToDiscard };
  return (
    <>
      <PageHeader
        title={<Title state={state} />}
        aside={<LiveDot state={live} />}
        actions={
          <Button nativeButton={false} render={<Link href="/bulk-actions" />}>
            <ListChecks aria-hidden />
            <span className="max-sm:sr-only">Bulk actions</span>
          </Button>
        }
      >
        <DeadLetterFilterBar state={state} searchInput={searchInput} />
        {!state.isGroup && <ViewTabs state={state} />}
      </PageHeader>
      {state.isList ? (
        <DeadLetterList state={state} actions={actions} />
      ) : (
        <CauseGroups state={state} actions={actions} />
      )}
      <RedriveDialog filter={toRedrive} onClose={() => setToRedrive(null)} />
      <BulkDiscardDialog filter={toDiscard} onClose={() => setToDiscard(null)} />
    </>
  );
}

/** Inside of a group: its cause, and the way back to all of them. */
function Title({ state }: { state: DeadLetterViewState }) {
  const { cause, errorKind } = state.fields;
  if (cause === null) return 'Dead letters';
  return (
    <span className="flex min-w-0 items-center gap-1.5">
      <Link
        href="/dead-letters"
        className="rounded-sm text-sm font-normal text-muted-foreground focus-ring hover:text-foreground max-sm:hidden"
      >
        Dead letters
      </Link>
      <ChevronRight aria-hidden className="size-3.5 shrink-0 text-muted-foreground max-sm:hidden" />
      <span className="truncate">{causeInWords({ errorKind: errorKind ?? '', cause })}</span>
    </span>
  );
}

function ViewTabs({ state }: { state: DeadLetterViewState }) {
  return (
    <Tabs
      value={state.fields.show}
      onValueChange={(show: 'causes' | 'list') => void state.setFields({ show, q: null, state: null })}
    >
      <TabsList className="border-b-0 px-4 md:px-6">
        <Tab value="causes">By cause</Tab>
        <Tab value="list">One by one</Tab>
      </TabsList>
    </Tabs>
  );
}
