'use client';

import { CircleAlert } from 'lucide-react';
import { useId } from 'react';
import type { ReactNode } from 'react';

import { cn } from '#components/ui/cn.ts';

import { faultsAt } from './node-fault.ts';
import { useSettings } from './setting-context.tsx';

/** Ids that tie a control to its label and to what is said about it. */
export interface FrameIds {
  readonly labelledBy: string;
  readonly describedBy: string;
  readonly isInvalid: boolean;
}

export interface SettingFrameProps {
  readonly title: string;
  readonly help?: string;
  /** The setting's place in the node, `/config/url`; faults found there are shown below it. */
  readonly place: string;
  /** Also show the faults of what is inside, for settings that do not draw their parts as settings of their own. */
  readonly showsFaultsBelow?: boolean;
  readonly isOptional?: boolean;
  /** At the right end of the label's line. */
  readonly aside?: ReactNode;
  /** More lines under the control. */
  readonly below?: ReactNode;
  /** Label and control side by side, for switches. */
  readonly isInline?: boolean;
  readonly children: (ids: FrameIds) => ReactNode;
}

/** Label, control, help and faults of one setting. */
export function SettingFrame(props: SettingFrameProps) {
  const {
    title,
    help,
    place,
    showsFaultsBelow = false,
    isOptional = false,
    aside,
    below,
    isInline = false,
  } = props;
  const id = useId();
  const faults = faultsAt(useSettings().faults, place, showsFaultsBelow);
  const ids = {
    labelledBy: `${id}-label`,
    describedBy: `${id}-about`,
    isInvalid: faults.some((fault) => fault.level !== 'warning'),
  };
  return (
    <div
      role="group"
      aria-labelledby={ids.labelledBy}
      data-place={place}
      className="flex min-w-0 flex-col gap-1.5"
    >
      <div className="flex min-h-6 min-w-0 items-center gap-2">
        <span id={ids.labelledBy} className="truncate text-sm font-medium">
          {title}
        </span>
        {isOptional && <span className="text-xs text-subtle-foreground">optional</span>}
        <span className="ml-auto flex shrink-0 items-center">{isInline ? props.children(ids) : aside}</span>
      </div>
      {!isInline && props.children(ids)}
      {below}
      <div id={ids.describedBy} className="flex flex-col gap-1 empty:hidden">
        {help !== undefined && <p className="text-xs leading-4 text-muted-foreground">{help}</p>}
        {faults.map((fault) => (
          <p
            key={`${fault.code} ${fault.place}`}
            className={cn(
              'flex items-start gap-1.5 text-xs leading-4',
              fault.level === 'warning' ? 'text-warning' : 'text-danger',
            )}
          >
            <CircleAlert aria-hidden className="mt-px size-3.5 shrink-0" />
            <span className="min-w-0 break-words">{fault.message}</span>
          </p>
        ))}
      </div>
    </div>
  );
}
