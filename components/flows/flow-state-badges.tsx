import type { FlowSummary } from '#core/api/flows.ts';
import { Badge } from '#components/ui/badge.tsx';

/** Not published, or the version that runs, and whether the draft has gone on since. */
export function FlowStateBadges({ flow }: { flow: FlowSummary }) {
  if (flow.publishedVersion === null) return <Badge tone="neutral">Not published</Badge>;
  return (
    <span className="flex flex-wrap items-center gap-1">
      <Badge tone="success">Published v{flow.publishedVersion}</Badge>
      {flow.draftChanged && (
        <Badge tone="warning" title="The draft differs from the published version.">
          Changes
        </Badge>
      )}
    </span>
  );
}
