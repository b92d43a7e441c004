'use client';

import Link from 'next/link';

import { Card, CardBody, CardHeader } from '#components/ui/card.tsx';
import type { Dashboard } from '#core/api/stats.ts';

import { formatCount, formatMs } from './dashboard-words.ts';

/** What there is to do just now: the queue, and what is under way. */
export function NowCard({ now, flow }: { now: Dashboard['now']; flow: string | null }) {
  const runs = (status: string) =>
    `/runs?status=${status}${flow === null ? '' : `&flow=${encodeURIComponent(flow)}`}`;
  const letters = `/dead-letters${flow === null ? '' : `?flow=${encodeURIComponent(flow)}`}`;
  const lines = [
    {
      label: 'Due, not yet taken',
      value: now.due,
      note: now.due === 0 ? '' : `the first for ${formatMs(now.oldestMs)}`,
      href: runs('queued'),
    },
    { label: 'Running', value: now.running, href: runs('running') },
    { label: 'Waiting', value: now.waiting, href: runs('waiting') },
    { label: 'In doubt', value: now.inDoubt, href: runs('in_doubt') },
    { label: 'Open dead letters', value: now.deadLetters, href: letters },
  ];
  return (
    <Card aria-label="Now">
      <CardHeader title="Now" />
      <CardBody className="pt-0">
        <dl className="divide-y divide-border text-sm">
          {lines.map(({ label, value, note, href }) => (
            <div key={label} className="flex items-baseline justify-between gap-3 py-2">
              <dt className="text-muted-foreground">{label}</dt>
              <dd className="tabular-nums">
                {note && <span className="mr-2 text-xs text-muted-foreground">{note}</span>}
                <Link
                  href={href}
                  prefetch={false}
                  className="rounded-sm font-medium focus-ring hover:underline"
                >
                  {formatCount(value)}
                </Link>
              </dd>
            </div>
          ))}
        </dl>
      </CardBody>
    </Card>
  );
}
