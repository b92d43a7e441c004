import { STATUS_LOOK, StatusIcon } from '#components/ui/status-badge.tsx';
import { cn } from '#components/ui/cn.ts';
import { RUN_STATUSES } from '#core/api/words.ts';
import type { BulkAction } from '#core/api/bulk-actions.ts';

import { percentOf, sharesOf } from './bulk-words.ts';

const PARTS = [
  { key: 'done', label: 'done', fill: 'bg-success-fill' },
  { key: 'skipped', label: 'skipped', fill: 'bg-neutral-fill' },
  { key: 'failed', label: 'failed', fill: 'bg-danger-fill' },
  { key: 'pending', label: 'to come', fill: 'bg-muted-strong' },
] as const;

/** How far an action is, and how the runs stand that it started. */
export function BulkProgress({ action }: { action: BulkAction }) {
  const { counts, total, kind } = action;
  const shares = sharesOf(action);
  return (
    <div className="flex flex-col gap-2.5">
      <div
        role="progressbar"
        aria-label="Progress"
        aria-valuenow={percentOf(action)}
        aria-valuetext={`${(total - counts.pending).toLocaleString('en')} of ${total.toLocaleString('en')}`}
        className="flex h-2.5 w-full overflow-hidden rounded-full bg-muted-strong"
      >
        {PARTS.filter(({ key }) => key !== 'pending').map(({ key, fill }) => (
          <span
            key={key}
            style={{ width: `${shares[key]}%` }}
            className={cn('transition-[width] duration-500 motion-reduce:transition-none', fill)}
          />
        ))}
      </div>
      <dl className="flex flex-wrap gap-x-6 gap-y-1.5 text-sm">
        {PARTS.map(({ key, label, fill }) => (
          <div key={key} className="flex items-center gap-1.5">
            <span aria-hidden className={cn('size-2 rounded-full', fill)} />
            <dd className="font-medium tabular-nums">{counts[key].toLocaleString('en')}</dd>
            <dt className="text-muted-foreground">{label}</dt>
          </div>
        ))}
      </dl>
      {kind !== 'discard' && <Results action={action} />}
    </div>
  );
}

/** The runs that were started or resumed, by how they stand now. */
function Results({ action: { results } }: { action: BulkAction }) {
  const present = RUN_STATUSES.filter((status) => results[status] > 0);
  if (present.length === 0) return null;
  return (
    <div className="flex flex-wrap items-center gap-x-5 gap-y-1.5 text-sm">
      <span className="text-muted-foreground">The runs now:</span>
      <ul aria-label="The runs now" className="flex flex-wrap gap-x-5 gap-y-1.5">
        {present.map((status) => (
          <li key={status} className="flex items-center gap-1.5">
            <StatusIcon status={status} isDecorative />
            <span className="font-medium tabular-nums">{results[status].toLocaleString('en')}</span>
            <span className="text-muted-foreground">{STATUS_LOOK[status].label.toLowerCase()}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
