import { CircleCheck, SearchX } from 'lucide-react';

import { Button } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';

import type { DeadLetterViewState } from './use-dead-letter-view.ts';

/** Nothing is there: because nothing failed, or because the filter lets nothing through. */
export function NoDeadLetters({ state }: { state: DeadLetterViewState }) {
  if (state.isNarrowed) {
    return (
      <EmptyState
        icon={<SearchX aria-hidden />}
        title="No dead letter matches"
        description="Widen the time, or take a filter away. New ones that match appear here by themselves."
      >
        <Button onClick={state.clear}>Clear the filters</Button>
      </EmptyState>
    );
  }
  return (
    <div className="flex flex-1 items-center justify-center">
      <EmptyState
        icon={<CircleCheck aria-hidden />}
        title="No failed run waits for you"
        description="A run that ends failed is kept here until somebody resumes, redrives or discards it. Nothing is ever thrown away by itself."
      />
    </div>
  );
}
