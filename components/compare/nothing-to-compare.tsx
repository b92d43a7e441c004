'use client';

import { GitCompareArrows } from 'lucide-react';
import Link from 'next/link';

import { Button } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import type { Run } from '#core/api/runs.ts';

import { RunPicker } from './run-picker.tsx';

export interface NothingToCompareProps {
  readonly run: Run;
  /** The run that was asked for; null: the last that succeeded. */
  readonly other: string | null;
  /** Why there is nothing. */
  readonly message: string;
  readonly onChoose: (id: string | null) => void;
}

/** In place of a comparison: why there is none, and the choice of another run. */
export function NothingToCompare({ run, other, message, onChoose }: NothingToCompareProps) {
  return (
    <div className="flex flex-1 items-center justify-center">
      <EmptyState
        level={1}
        icon={<GitCompareArrows aria-hidden />}
        title="Nothing to compare with"
        description={message}
      >
        <div className="flex flex-wrap items-center justify-center gap-2">
          <RunPicker flow={run.flow} except={run.id} value={other} onChoose={onChoose} />
          <Button nativeButton={false} render={<Link href={`/runs/${run.id}`} />}>
            Back to the run
          </Button>
        </div>
      </EmptyState>
    </div>
  );
}
