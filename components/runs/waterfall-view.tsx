'use client';

import { Inbox, Undo2 } from 'lucide-react';

import { cn } from '#components/ui/cn.ts';
import { formatDuration } from '#components/ui/format-duration.ts';
import { lookOf, STATUS_LOOK, StatusIcon } from '#components/ui/status-badge.tsx';

import { stepKey } from './node-states.ts';
import { walkRows } from './walk-rows.ts';
import type { AttemptBar, WaitSpan, Waterfall, WaterfallRow } from './waterfall-layout.ts';

const COLUMNS = 'grid grid-cols-[7.5rem_1fr_4.5rem] items-center gap-3 sm:grid-cols-[11rem_1fr_5.5rem]';

export interface WaterfallViewProps {
  waterfall: Waterfall;
  selected: string | null;
  onSelect: (key: string) => void;
}

/** The run in the queue, then the steps in time: a thin line while a step waits, a bar for each attempt. Up and down walk the rows. */
export function WaterfallView({ waterfall, selected, onSelect }: WaterfallViewProps) {
  return (
    <section
      aria-label="Steps in time"
      className="flex min-h-0 shrink-0 flex-col border-t border-border bg-background lg:max-h-[45%]"
    >
      <Axis waterfall={waterfall} />
      {waterfall.rows.length === 0 ? (
        <p className="px-4 py-6 text-center text-sm text-muted-foreground">No step has begun yet.</p>
      ) : (
        <ol onKeyDown={walkRows} className="min-h-0 overflow-y-auto py-1">
          {waterfall.queue !== null && <QueueRow queue={waterfall.queue} />}
          {waterfall.rows.map((row, index) => {
            const key = stepKey(row.step);
            const isSelected = key === selected;
            return (
              <li key={key}>
                <Row
                  row={row}
                  isSelected={isSelected}
                  isStop={isSelected || (selected === null && index === 0)}
                  onSelect={() => onSelect(key)}
                />
              </li>
            );
          })}
        </ol>
      )}
    </section>
  );
}

function Axis({ waterfall }: { waterfall: Waterfall }) {
  return (
    <div
      aria-hidden
      className={cn(
        COLUMNS,
        'h-8 shrink-0 border-b border-border px-4 text-xs text-subtle-foreground md:px-6',
      )}
    >
      <span>Step</span>
      <div className="relative h-full overflow-hidden">
        {waterfall.ticks.map((tick, index) => {
          const share = tick / waterfall.totalMs;
          return (
            <span
              key={tick}
              style={{ left: `${share * 100}%` }}
              className={cn(
                'absolute inset-y-0 flex items-center border-l border-border pl-1 whitespace-nowrap tabular-nums',
                share > 0.9 && 'max-w-0 overflow-hidden pl-0',
                (index % 2 === 1 || share > 0.6) && 'max-md:text-transparent',
              )}
            >
              {tick === 0 ? '0' : formatDuration(tick)}
            </span>
          );
        })}
      </div>
      <span className="text-right">Took</span>
    </div>
  );
}

/** Before any step: the run waited for a worker. */
function QueueRow({ queue }: { queue: NonNullable<Waterfall['queue']> }) {
  return (
    <li className={cn(COLUMNS, 'h-7 px-4 text-xs text-muted-foreground md:px-6')}>
      <span className="flex items-center gap-2">
        <Inbox aria-hidden className="size-3.5 text-subtle-foreground" />
        In queue
      </span>
      <span aria-hidden className="relative block h-full">
        <span
          title="From the event’s arrival until a worker took the run"
          style={{ left: `${queue.from * 100}%`, width: `max(2px, ${(queue.to - queue.from) * 100}%)` }}
          className="absolute top-1/2 h-2 -translate-y-1/2 rounded-xs border border-border-strong bg-muted"
        />
      </span>
      <span className="text-right tabular-nums">{formatDuration(queue.ms)}</span>
    </li>
  );
}

interface RowProps {
  row: WaterfallRow;
  isSelected: boolean;
  /** The one row that the Tab key stops at; arrows do the rest. */
  isStop: boolean;
  onSelect: () => void;
}

function Row({ row, isSelected, isStop, onSelect }: RowProps) {
  const { step, label, waits, waitMs, bars, ms } = row;
  const retries = Math.max(0, bars.length - 1);
  return (
    <button
      type="button"
      aria-pressed={isSelected}
      aria-label={rowInWords(row)}
      tabIndex={isStop ? 0 : -1}
      onClick={onSelect}
      className={cn(
        COLUMNS,
        'h-9 w-full cursor-pointer px-4 text-left text-sm focus-ring-inset hover:bg-muted/70 md:px-6 pointer-coarse:h-11',
        isSelected && 'bg-accent-soft hover:bg-accent-soft',
        (step.isReused || (bars.length === 0 && step.status === 'skipped')) && 'text-subtle-foreground',
      )}
    >
      <span
        className="flex min-w-0 items-center gap-2"
        style={{ paddingLeft: step.key === '' ? undefined : `${step.key.split('.').length * 0.875}rem` }}
      >
        <StatusIcon status={step.status} waitingFor={step.waitingFor} />
        {row.isUndo && <Undo2 aria-hidden className="size-3.5 shrink-0 text-subtle-foreground" />}
        <span className="truncate" title={label}>
          {label}
        </span>
        {step.key !== '' && (
          <span className="shrink-0 font-mono text-xs text-subtle-foreground">#{step.key}</span>
        )}
      </span>
      <span className="relative block h-full">
        {waits.map((wait, index) => (
          <WaitLine key={index} wait={wait} />
        ))}
        {bars.map((bar) => (
          <Bar key={bar.number} bar={bar} />
        ))}
      </span>
      <span
        title={waitMs > 0 ? `${formatDuration(waitMs)} of it between attempts or waiting` : undefined}
        className="truncate text-right text-xs text-muted-foreground tabular-nums"
      >
        {ms === null ? withoutTime(step) : formatDuration(ms)}
        {retries > 0 && <span className="text-warning"> ·{bars.length}×</span>}
      </span>
    </button>
  );
}

const WAIT_LINES = {
  start: { words: 'until it began', line: 'border-solid border-border-strong' },
  retry: { words: 'until the next attempt', line: 'border-dashed border-warning' },
  now: { words: 'so far', line: 'border-dotted border-warning' },
} as const;

/** Solid before the beginning, dashed between attempts, dotted while it waits still. */
function WaitLine({ wait: { kind, from, to, ms } }: { wait: WaitSpan }) {
  const { words, line } = WAIT_LINES[kind];
  return (
    <span
      title={`Waited ${formatDuration(ms)} ${words}`}
      style={{ left: `${from * 100}%`, width: `${(to - from) * 100}%` }}
      className="absolute top-1/2 flex h-3 -translate-y-1/2 items-center"
    >
      <span className={cn('w-full border-t', line)} />
    </span>
  );
}

function Bar({ bar }: { bar: AttemptBar }) {
  return (
    <span
      title={`Attempt ${bar.number}: ${STATUS_LOOK[bar.status].label.toLowerCase()}, ${formatDuration(bar.ms)}`}
      style={{
        left: `min(${bar.from * 100}%, calc(100% - 4px))`,
        width: `max(4px, ${(bar.to - bar.from) * 100}%)`,
      }}
      className={cn(
        'absolute top-1/2 h-3 -translate-y-1/2 rounded-xs',
        STATUS_LOOK[bar.status].fill,
        bar.status === 'running' && 'animate-pulse',
      )}
    />
  );
}

/** In place of a duration. */
function withoutTime({ isReused, status }: WaterfallRow['step']): string {
  if (isReused) return 'taken over';
  return status === 'skipped' ? 'skipped' : '–';
}

function rowInWords({ label, step, bars, ms, waitMs, isUndo }: WaterfallRow): string {
  const parts = [
    label,
    isUndo ? 'undoes' : undefined,
    step.key === '' ? undefined : `item ${step.key}`,
    lookOf(step.status, step.waitingFor).label.toLowerCase(),
    step.isReused ? 'taken over' : undefined,
    bars.length > 1 ? `${bars.length} attempts` : undefined,
    ms === null ? undefined : formatDuration(ms),
    waitMs > 0 ? `of it ${formatDuration(waitMs)} waiting` : undefined,
  ];
  return parts.filter((part) => part !== undefined).join(', ');
}
