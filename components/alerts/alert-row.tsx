'use client';

import { BellRing, CircleCheck } from 'lucide-react';
import Link from 'next/link';

import { rowLink } from '#components/shell/row-links.ts';
import { cn } from '#components/ui/cn.ts';
import { Time } from '#components/ui/time.tsx';
import { alertPath, time } from '#core/alerts/alert-words.ts';
import type { Alert } from '#core/api/alerts.ts';

/** One alert, as a way to where it is looked into: the failing step, where there is one. */
export function AlertRow({ alert }: { alert: Alert }) {
  const { title, detail, state, openedAt, resolvedAt, runId } = alert;
  const isOpen = state === 'open';
  const Icon = isOpen ? BellRing : CircleCheck;
  return (
    <li className="relative flex items-start gap-3 px-4 py-3 hover:bg-muted/60 has-[a:focus-visible]:bg-muted/60 md:px-6">
      <span
        className={cn(
          'mt-0.5 flex size-7 shrink-0 items-center justify-center rounded-md',
          isOpen ? 'bg-danger-soft text-danger' : 'bg-success-soft text-success',
        )}
      >
        <Icon aria-hidden className="size-4" />
      </span>
      <div className="min-w-0 flex-1">
        <Link
          href={alertPath(alert)}
          {...rowLink}
          className="block text-sm font-medium break-words outline-none after:absolute after:inset-0 focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-ring"
        >
          {title}
        </Link>
        {detail !== '' && (
          <p className="mt-0.5 line-clamp-3 text-sm break-words text-muted-foreground">{detail}</p>
        )}
        <p className="mt-1 text-xs text-muted-foreground">
          {isOpen ? 'Since ' : 'Began '}
          <Time at={openedAt} />
          {resolvedAt !== null &&
            `, over after ${time((Date.parse(resolvedAt) - Date.parse(openedAt)) / 1_000)}`}
        </p>
      </div>
      <span aria-hidden className="hidden shrink-0 pt-0.5 text-sm font-medium text-accent-text sm:block">
        {runId === null ? 'Look into it' : 'Open the failing step'}
      </span>
    </li>
  );
}
