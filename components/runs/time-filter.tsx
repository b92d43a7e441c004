'use client';

import { Calendar } from 'lucide-react';

import { Button } from '#components/ui/button.tsx';
import { cn } from '#components/ui/cn.ts';
import { Field } from '#components/ui/field.tsx';
import { formatClock } from '#components/ui/format-time.ts';
import { Input } from '#components/ui/input.tsx';
import { Popover, PopoverContent, PopoverTrigger } from '#components/ui/popover.tsx';
import { useNow } from '#components/ui/use-now.ts';

import {
  fromLocalField,
  TIME_RANGE_NAMES,
  TIME_RANGES,
  toLocalField,
  type TimeWindow,
} from './time-range.ts';

export interface TimeFilterProps {
  value: TimeWindow;
  /** True: the time is of when runs ended. Default false: of when they were started. */
  isOfEnds?: boolean;
  onChange: (value: TimeWindow) => void;
}

const ANY_TIME: TimeWindow = { range: null, from: null, to: null };

/** Picks when runs were started, or ended: a stretch up to now, or from and to. */
export function TimeFilter({ value, isOfEnds = false, onChange }: TimeFilterProps) {
  const now = useNow(60_000);
  const words = windowInWords(value, now);
  const label = isOfEnds ? `Ended: ${words}` : words;
  const isAny = value.range === null && value.from === null && value.to === null;
  return (
    <Popover>
      <PopoverTrigger render={<Button aria-label={`Time: ${label}`} />}>
        <Calendar aria-hidden className="text-muted-foreground" />
        <span className="max-w-60 truncate">{label}</span>
      </PopoverTrigger>
      <PopoverContent className="w-64" aria-label="Time">
        <div className="flex flex-col gap-0.5" role="group" aria-label="Up to now">
          <Choice isChosen={isAny} onClick={() => onChange(ANY_TIME)}>
            Any time
          </Choice>
          {TIME_RANGE_NAMES.map((range) => (
            <Choice
              key={range}
              isChosen={value.range === range}
              onClick={() => onChange({ ...ANY_TIME, range })}
            >
              {TIME_RANGES[range].label}
            </Choice>
          ))}
        </div>
        <div className="mt-3 flex flex-col gap-3 border-t border-border pt-3">
          <Field label="From">
            <Input
              type="datetime-local"
              value={toLocalField(value.from)}
              onValueChange={(text) => onChange({ ...value, range: null, from: fromLocalField(text) })}
            />
          </Field>
          <Field label="To">
            <Input
              type="datetime-local"
              value={toLocalField(value.to)}
              onValueChange={(text) => onChange({ ...value, range: null, to: fromLocalField(text) })}
            />
          </Field>
        </div>
      </PopoverContent>
    </Popover>
  );
}

function Choice(props: { isChosen: boolean; onClick: () => void; children: string }) {
  return (
    <button
      type="button"
      aria-pressed={props.isChosen}
      onClick={props.onClick}
      className={cn(
        'cursor-pointer rounded-sm px-2 py-1.5 text-left text-sm focus-ring-inset hover:bg-muted pointer-coarse:py-2.5',
        props.isChosen && 'bg-accent-soft font-medium text-accent-text hover:bg-accent-soft',
      )}
    >
      {props.children}
    </button>
  );
}

function windowInWords({ range, from, to }: TimeWindow, now: number): string {
  if (range !== null) return TIME_RANGES[range].label;
  const clock = (iso: string) => formatClock(Date.parse(iso), now).replace(/:\d\d$/, '');
  if (from !== null && to !== null) return `${clock(from)} – ${clock(to)}`;
  if (from !== null) return `Since ${clock(from)}`;
  if (to !== null) return `Until ${clock(to)}`;
  return 'Any time';
}
