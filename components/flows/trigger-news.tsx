'use client';

import { Time } from '#components/ui/time.tsx';
import { cn } from '#components/ui/cn.ts';
import { useNow } from '#components/ui/use-now.ts';
import type { FlowSummary } from '#core/api/flows.ts';

type Poll = NonNullable<FlowSummary['poll']>;

/** When a published schedule starts its next run, or how a published poll fares; nothing for the other flows. */
export function TriggerNews({ flow, className }: { flow: FlowSummary; className?: string }) {
  if (flow.nextTickAt === null && flow.poll === null) return null;
  return (
    <div className={cn('text-xs text-subtle-foreground lg:whitespace-nowrap', className)}>
      {flow.nextTickAt !== null && <NextTick at={flow.nextTickAt} />}
      {flow.poll !== null && <PollNews poll={flow.poll} />}
    </div>
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
      <span
        title={error.message}
        className="line-clamp-2 break-words whitespace-normal text-danger lg:w-64 xl:w-80"
      >
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
