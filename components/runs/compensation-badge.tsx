import { Undo2 } from 'lucide-react';

import { Badge } from '#components/ui/badge.tsx';
import type { RunSummary } from '#core/api/runs.ts';

/** Beside the status of a failed run: whether all that it did was undone. Nothing where there was nothing to undo. */
export function CompensationBadge({ compensation }: { compensation: RunSummary['compensation'] }) {
  if (compensation === null) return null;
  const isWhole = compensation === 'undone';
  return (
    <Badge
      tone={isWhole ? 'neutral' : 'danger'}
      title={
        isWhole
          ? 'What the run had done was undone.'
          : 'Some of what the run had done could not be undone. Look at the steps that failed.'
      }
    >
      <Undo2 aria-hidden />
      {isWhole ? 'Undone' : 'Partly undone'}
    </Badge>
  );
}
