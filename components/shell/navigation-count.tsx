'use client';

import { useOpenAlerts } from '#components/api/alerts.ts';
import { useOpenApprovals } from '#components/api/approvals.ts';
import { useOpenDeadLetters } from '#components/api/dead-letters.ts';
import { cn } from '#components/ui/cn.ts';

const MOST = 99;

/** Beside an item of the navigation: how much there waits for the one who looks. Nothing for most items, and for none. */
export function NavigationCount({ href, className }: { href: string; className?: string }) {
  if (href === '/approvals') return <OpenApprovals className={className} />;
  if (href === '/alerts') return <OpenAlerts className={className} />;
  return href === '/dead-letters' ? <OpenDeadLetters className={className} /> : null;
}

function OpenApprovals({ className }: { className?: string }) {
  const { data: count = 0 } = useOpenApprovals();
  return <Count count={count} className={className} />;
}

function OpenAlerts({ className }: { className?: string }) {
  const { data: count = 0 } = useOpenAlerts();
  return <Count count={count} className={className} />;
}

function OpenDeadLetters({ className }: { className?: string }) {
  const { data: count = 0 } = useOpenDeadLetters();
  return <Count count={count} className={className} />;
}

function Count({ count, className }: { count: number; className?: string }) {
  if (count === 0) return null;
  return (
    <span
      className={cn(
        'flex h-4 min-w-4 items-center justify-center rounded-full bg-accent px-1 text-[0.625rem] leading-none font-semibold text-accent-foreground tabular-nums',
        className,
      )}
    >
      <span className="sr-only">waiting for you: </span>
      {count > MOST ? `${MOST}+` : count}
    </span>
  );
}
