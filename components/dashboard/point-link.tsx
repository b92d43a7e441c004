import Link from 'next/link';
import type { ReactNode } from 'react';

import type { DashboardView } from '#components/api/stats.ts';
import { cn } from '#components/ui/cn.ts';
import type { Dashboard } from '#core/api/stats.ts';

import { runsHref, spanInWords } from './dashboard-words.ts';

export interface PointLinkProps {
  readonly point: Dashboard['points'][number];
  readonly view: DashboardView;
  /** What the chart says of this part of the time. */
  readonly words: string;
  /** True for the one at which the Tab key stops. */
  readonly isStop: boolean;
  readonly className: string;
  readonly children?: ReactNode;
}

/** A part of the time in a chart: it leads to the runs that ended then. */
export function PointLink({ point, view, words, isStop, className, children }: PointLinkProps) {
  const label = `${spanInWords(point, view.range)}: ${words}`;
  return (
    <Link
      data-bar
      href={runsHref(point, view, 'ended')}
      prefetch={false}
      tabIndex={isStop ? 0 : -1}
      aria-label={label}
      title={label}
      className={cn('min-w-0 flex-1 focus-ring-inset', className)}
    >
      {children}
    </Link>
  );
}
