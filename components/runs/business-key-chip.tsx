import { Hash } from 'lucide-react';

import { Badge } from '#components/ui/badge.tsx';
import type { RunSummary } from '#core/api/runs.ts';

/** What a run is about: `order 4711`. Nothing for a run of a flow that does not say. */
export function BusinessKeyChip({ businessKey }: Pick<RunSummary, 'businessKey'>) {
  if (businessKey === null) return null;
  const { name, value, fault } = businessKey;
  if (value === null)
    return (
      <Badge tone="outline" title={`No ${name}: ${fault ?? ''}`} className="min-w-0 shrink">
        <span className="truncate">no {name}</span>
      </Badge>
    );
  return (
    <Badge tone="accent" title={`${name} ${value}`} className="min-w-0 shrink">
      <Hash aria-hidden />
      <span className="truncate">
        {name} {value}
      </span>
    </Badge>
  );
}
