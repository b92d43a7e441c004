'use client';

import { subscriptionWords } from '#components/flows/subscription-words.ts';
import { Badge } from '#components/ui/badge.tsx';
import { Tooltip } from '#components/ui/tooltip.tsx';
import type { FlowSummary } from '#core/api/flows.ts';

/** Whether the app of a published trigger sends its events here; nothing for triggers that need nobody to be asked. */
export function SubscriptionBadge({ summary }: { summary: FlowSummary | undefined }) {
  if (!summary?.subscription) return null;
  const { short, long, tone } = subscriptionWords(summary.subscription);
  return (
    <Tooltip label={long}>
      <Badge tone={tone} tabIndex={0} className="max-xl:hidden" data-testid="subscription">
        {short}
      </Badge>
    </Tooltip>
  );
}
