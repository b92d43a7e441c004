'use client';

import { Time } from '#components/ui/time.tsx';
import { cn } from '#components/ui/cn.ts';
import { useNow } from '#components/ui/use-now.ts';
import type { FlowSummary } from '#core/api/flows.ts';

import { subscriptionWords } from './subscription-words.ts';

type Poll = NonNullable<FlowSummary['poll']>;
type Subscription = NonNullable<FlowSummary['subscription']>;

/** When a published schedule starts its next run, how a published poll fares, or whether an app sends; nothing for the other flows. */
export function TriggerNews({ flow, className }: { flow: FlowSummary; className?: string }) {
  if (flow.nextTickAt === null && flow.poll === null && flow.subscription === null) return null;
  return (
    <div className={cn('text-xs text-subtle-foreground lg:whitespace-nowrap', className)}>
      {flow.nextTickAt !== null && <NextTick at={flow.nextTickAt} />}
      {flow.poll !== null && <PollNews poll={flow.poll} />}
      {flow.subscription !== null && <SubscriptionNews subscription={flow.subscription} />}
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
    return <Trouble text={`${times}: ${error.message}`} />;
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

function SubscriptionNews({ subscription }: { subscription: Subscription }) {
  const { short, long, tone } = subscriptionWords(subscription);
  if (tone === 'danger' || tone === 'warning') return <Trouble tone={tone} text={long} />;
  return <span title={long}>{short}</span>;
}

function Trouble({ tone = 'danger', text }: { tone?: 'danger' | 'warning'; text: string }) {
  const colour = tone === 'danger' ? 'text-danger' : 'text-warning';
  return (
    <span title={text} className={cn('line-clamp-2 break-words whitespace-normal lg:w-64 xl:w-80', colour)}>
      {text}
    </span>
  );
}
