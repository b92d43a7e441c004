'use client';

import { useState } from 'react';

import { cn } from '#components/ui/cn.ts';
import { useOverflow } from '#components/ui/use-overflow.ts';
import type { ChangeReply, ChangesReply } from '#core/api/compare-runs.ts';

export interface ChangeListProps {
  readonly changes: ChangesReply;
  /** What they are changes of: `input`. */
  readonly label: string;
}

/** The fields that differ, each with its value before and now. */
export function ChangeList({ changes: { total, shown }, label }: ChangeListProps) {
  if (total === 0) return <p className="text-sm text-subtle-foreground">The same in both runs.</p>;
  return (
    <>
      <ul aria-label={`Changed in the ${label}`} className="flex flex-col gap-2">
        {shown.map((change) => (
          <li
            key={`${change.kind} ${change.from} ${change.to}`}
            className="overflow-hidden rounded-md border border-border"
          >
            <Place change={change} />
            {change.before !== null && <Side sign="−" side={change.before} />}
            {change.after !== null && <Side sign="+" side={change.after} />}
          </li>
        ))}
      </ul>
      {shown.length < total && (
        <p className="mt-2 text-xs text-muted-foreground">
          {(total - shown.length).toLocaleString('en')} more {total - shown.length === 1 ? 'place' : 'places'}{' '}
          not shown.
        </p>
      )}
    </>
  );
}

const KINDS: Readonly<Record<ChangeReply['kind'], string>> = {
  added: 'new',
  removed: 'gone',
  changed: '',
  moved: 'moved',
};

function Place({ change: { kind, from, to } }: { change: ChangeReply }) {
  const place = to ?? from ?? '';
  return (
    <p className="flex items-baseline gap-2 bg-muted/60 px-2.5 py-1 text-xs">
      <code className="min-w-0 font-mono break-all">{place === '' ? 'all of it' : place}</code>
      {from !== null && to !== null && from !== to && (
        <span className="min-w-0 break-all text-subtle-foreground">was {from}</span>
      )}
      {KINDS[kind] !== '' && <span className="ml-auto shrink-0 text-muted-foreground">{KINDS[kind]}</span>}
    </p>
  );
}

/** Signs beside colours: those who do not see these know it too. */
function Side({ sign, side }: { sign: '−' | '+'; side: NonNullable<ChangeReply['before']> }) {
  const isBefore = sign === '−';
  const [box, setBox] = useState<HTMLElement | null>(null);
  const isScrolled = useOverflow(box);
  return (
    <div
      ref={setBox}
      // Arrow keys scroll what has the focus.
      {...(isScrolled && { tabIndex: 0, role: 'group', 'aria-label': isBefore ? 'Before' : 'Now' })}
      className={cn(
        'flex max-h-48 gap-2 overflow-auto px-2.5 py-1 font-mono text-xs leading-5 focus-ring-inset',
        isBefore ? 'bg-danger-soft/50' : 'bg-success-soft/50',
      )}
    >
      <span aria-hidden className={cn('select-none', isBefore ? 'text-danger' : 'text-success')}>
        {sign}
      </span>
      <span className="sr-only">{isBefore ? 'Before: ' : 'Now: '}</span>
      <span className="min-w-0 break-words whitespace-pre-wrap">
        {side.isCut ? `${side.value as string}…` : JSON.stringify(side.value, null, 2)}
      </span>
    </div>
  );
}
