import { StatusBadge } from '#components/ui/status-badge.tsx';
import type { Run } from '#core/api/runs.ts';

import { DetailSection } from './detail-section.tsx';
import { ErrorCard } from './error-card.tsx';
import { RunValue } from './run-value.tsx';
import { isEnded } from './run-words.ts';

/** What came of the whole run. */
export function ResultDetails({ run }: { run: Run }) {
  return (
    <div>
      <div className="flex items-center gap-2 px-4 py-3">
        <h2 className="flex-1 text-base font-semibold tracking-tight">Result of the run</h2>
        <StatusBadge status={run.status} />
      </div>
      {run.error !== null && (
        <ErrorCard error={run.error} runId={run.id} flow={run.flow} nodeId={run.error.nodeId} />
      )}
      {isEnded(run.status) ? (
        <DetailSection title="Output">
          <RunValue run={run} of="output" value={run.output} label="output of the run" />
        </DetailSection>
      ) : (
        <p className="px-4 pb-4 text-sm text-muted-foreground">
          The run goes on. Its output appears here at the end.
        </p>
      )}
    </div>
  );
}
