'use client';

import { CircleCheck } from 'lucide-react';

import { useFlows } from '#components/api/flows.ts';
import { Card } from '#components/ui/card.tsx';

/** Nothing needs anybody: said, with what went on meanwhile. */
export function CalmCard() {
  const { data: flows = [] } = useFlows();
  const runs = flows.reduce((sum, { runs24h }) => sum + runs24h.total, 0);
  const live = flows.filter(({ publishedVersion }) => publishedVersion !== null).length;
  return (
    <Card className="flex items-center gap-4 px-4 py-5 md:px-5">
      <span className="flex size-10 shrink-0 items-center justify-center rounded-full bg-success-soft text-success">
        <CircleCheck aria-hidden className="size-5" />
      </span>
      <div className="min-w-0">
        <h2 className="text-base font-semibold tracking-tight">Nothing needs attention</h2>
        <p className="mt-0.5 text-sm text-muted-foreground">{inWords(live, runs)}</p>
      </div>
    </Card>
  );
}

function inWords(live: number, runs: number): string {
  if (live === 0) return 'No flow is published yet. What goes wrong later is told here.';
  const flows = live === 1 ? 'One flow is published' : `${live.toLocaleString('en')} flows are published`;
  if (runs === 0) return `${flows}; none ran in the last 24 hours.`;
  const ran = runs === 1 ? 'One run' : `${runs.toLocaleString('en')} runs`;
  return `${flows}. ${ran} in the last 24 hours, and none is waiting for somebody.`;
}
