'use client';

import { Time } from '#components/ui/time.tsx';
import { cn } from '#components/ui/cn.ts';
import { useNow } from '#components/ui/use-now.ts';
import type { FlowSummary } from '#core/api/flows.ts';

type Poll = NonNullable<FlowSummary['poll']>;

/** Whether a flow has a trigger that works by itself, of which there is something to tell. */
export function hasTriggerNews({ nextTickAt, poll }: FlowSummary): boolean {
  return nextTickAt !== null || poll !== null;
}

/** When a published schedule starts its next run, or how a published poll fares; nothing for the other flows. */
export function TriggerNews({ flow, className }: { flow: FlowSummary; className?: string }) {
  if (!hasTriggerNews(flow)) return null;
  return (
    <span className={cn('block max-w-56 truncate text-xs text-subtle-foreground', className)}>
      {flow.nextTickAt !== null && <NextTick at={flow.nextTickAt} />}
      {flow.poll !== null && <PollNews poll={flow.poll} />}
    </span>
  );
}

/** The list is some seconds old: a tick that has passed has begun its run, and the one after it is not known yet. */
function NextTick({ at }: { at: string }) {
  const isDue = Date.parse(at) <= useNow(1_000);
  if (isDue) return 'A run is due now';
  return (
    <>
      Next run <Time at={at} upcoming />
    </>
  );
}

function PollNews({ poll }: { poll: Poll }) {
  const { askedAt, error, failures, found, nextAt } = poll;
  if (error !== null) {
    const times = failures > 1 ? `Failed ${failures.toLocaleString('en')} times` : 'Failed';
    return (
      <span className="text-danger" title={error.message}>
        {times}: {error.message}
      </span>
    );
  }
  if (askedAt === null) {
    return (
      <>
        First asked <Time at={nextAt} upcoming />
      </>
    );
  }
  return (
    <>
      Asked <Time at={askedAt} />
      {found !== null && ` · ${found.toLocaleString('en')} ${found === 1 ? 'item' : 'items'} listed`}
    </>
  );
}
